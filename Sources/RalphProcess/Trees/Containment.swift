import RalphCore

package import struct SystemPackage.FilePath

/// What keeps a process tree together until its end, best first.
package enum Containment: Equatable, Sendable {
    /// A PID namespace of bubblewrap's: when its first process dies, the kernel kills all in it.
    case namespace(bwrap: FilePath)
    /// The process group and session, and a search for the mark in the environment of all processes.
    case group

    /// What is in force on this machine, and why.
    package struct Finding: Equatable, Sendable {
        package var containment: Containment
        /// "bubblewrap works (/usr/bin/bwrap)", "bubblewrap fails: No permissions to create new namespace".
        package var reason: String
    }

    /// Really tries bubblewrap once.
    package static func detect(environment: [String: String]) -> Finding {
        let bwrap: FilePath
        do throws(LaunchError) {
            bwrap = try ProgramLookup(environment: environment).find("bwrap")
        } catch {
            return Finding(containment: .group, reason: "no bubblewrap: \(error.message)")
        }
        let trial = CapturedCommand(
            bwrap.string,
            namespaceFlags + ["--", "true"],
            environment: environment,
            directory: "/",
            deadline: .seconds(10)
        )
        do throws(Failure) {
            let result = try trial.run()
            guard result.isSuccess else {
                let said = String(decoding: result.errors, as: UTF8.self).split(separator: "\n").last
                return Finding(
                    containment: .group,
                    reason: "bubblewrap fails: \(said ?? "\(result.ending)")"
                )
            }
        } catch {
            return Finding(containment: .group, reason: "bubblewrap fails: \(error.message)")
        }
        return Finding(containment: .namespace(bwrap: bwrap), reason: "bubblewrap works (\(bwrap))")
    }

    /// Nothing is hidden but other processes. A session of its own keeps `kill 0` in the tree from reaching bubblewrap.
    static let namespaceFlags = [
        "--dev-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "--die-with-parent", "--new-session",
    ]
}
