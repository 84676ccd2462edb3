import RalphCore

package import struct SystemPackage.FilePath

/// What keeps a process tree together until its end, best first.
package enum Containment: Equatable, Sendable {
    /// A PID namespace of bubblewrap's: when its first process dies, the kernel kills all in it.
    case namespace(bwrap: FilePath, sandbox: Sandbox? = nil)
    /// A control group for each tree, in this one: one write kills all in it.
    case controlGroup(ControlGroup)
    /// The process group and session, a search for the mark in the environment of all processes, and orphans that come back to
    /// the daemon.
    case group
    /// Nothing is started: what was asked for cannot be had here, for this reason.
    case refused(String)

    /// As `status` and `doctor` name it.
    package var name: String {
        switch self {
        case .namespace: "namespace"
        case .controlGroup: "cgroup"
        case .group: "group"
        case .refused: "refused"
        }
    }

    /// The same with a sandbox, which only bubblewrap makes.
    package func within(_ sandbox: Sandbox) -> Containment {
        switch self {
        case .namespace(let bwrap, _): .namespace(bwrap: bwrap, sandbox: sandbox)
        case .refused: self
        case .controlGroup, .group: .refused("a sandbox needs bubblewrap, which does not work here")
        }
    }

    /// What is in force on this machine, and why.
    package struct Finding: Equatable, Sendable {
        package var containment: Containment
        /// "bubblewrap works (/usr/bin/bwrap)", "bubblewrap fails: No permissions to create new namespace; the cgroup … is
        /// delegated".
        package var reason: String
    }

    /// Really tries bubblewrap once, and then a control group. Changes nothing.
    package static func detect(environment: [String: String]) -> Finding {
        switch namespace(environment: environment) {
        case .success(let finding): return finding
        case .failure(let first):
            do throws(ControlGroup.Missing) {
                let group = try ControlGroup.delegated()
                return Finding(
                    containment: .controlGroup(group),
                    reason: "\(first.reason); the cgroup \(group.path) is delegated"
                )
            } catch {
                return Finding(containment: .group, reason: "\(first.reason); \(error.reason)")
            }
        }
    }

    private static func namespace(environment: [String: String]) -> Result<Finding, ControlGroup.Missing> {
        do throws(LaunchError) {
            let bwrap = try ProgramLookup(environment: environment).find("bwrap")
            let trial = CapturedCommand(
                bwrap.string,
                openFlags + namespaceFlags + ["--", "true"],
                environment: environment,
                directory: "/",
                deadline: .seconds(10)
            )
            let finding = Finding(
                containment: .namespace(bwrap: bwrap),
                reason: "bubblewrap works (\(bwrap))"
            )
            return failure(of: trial).map { .failure(.init(reason: "bubblewrap fails: \($0)")) }
                ?? .success(finding)
        } catch {
            return .failure(.init(reason: "no bubblewrap: \(error.message)"))
        }
    }

    /// Nil when it works, else what it said.
    private static func failure(of trial: CapturedCommand) -> String? {
        do throws(Failure) {
            let result = try trial.run()
            guard !result.isSuccess else { return nil }
            let said = String(decoding: result.errors, as: UTF8.self).split(separator: "\n").last
            return said.map(String.init) ?? "\(result.ending)"
        } catch {
            return error.message
        }
    }

    /// Makes this process ready to keep trees together so: once, before the first. A group whose processes are divided into
    /// others holds none itself, so the daemon goes into one of its own.
    /// - Parameter markPrefix: of all trees of this state directory; what an earlier life left in such groups is ended.
    package func prepare(markPrefix: String) {
        switch self {
        case .namespace, .refused: break
        case .group: Strays.adopt()
        case .controlGroup(let group):
            let prefix = GroupMembership.prefix(of: markPrefix)
            group.endChildren(named: prefix, until: .now + .seconds(5))
            try? group.make("daemon-" + prefix).enter()
        }
    }

    /// The file system as it is.
    static let openFlags = ["--dev-bind", "/", "/"]

    /// Other processes are hidden. A session of its own keeps `kill 0` in the tree from reaching bubblewrap.
    static let namespaceFlags = ["--unshare-pid", "--proc", "/proc", "--die-with-parent", "--new-session"]
}
