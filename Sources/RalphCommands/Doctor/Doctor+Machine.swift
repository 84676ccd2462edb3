import Foundation
import RalphCore
import RalphGit
import RalphProcess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine: git, containment, clock; and the repository.
extension Doctor {
    /// The first that merges trees without a work tree.
    private static let oldestGit = [2, 38]
    /// Before this program was written.
    private static let earliest = Date(timeIntervalSince1970: 1_760_000_000)

    func machine() -> [Finding] { [git, containment, clock] }

    private var git: Finding {
        let host: GitHost
        do throws(Failure) {
            host = try GitHost.find(in: patient.environment)
        } catch {
            return .bad("git", error.message, mend: "apt install git")
        }
        let output = try? GitCommand(host, gitDirectory: nil, scope: .repositoryOnly).run(["version"])
        let version =
            output?.text.split(separator: " ").dropFirst(2).first.map(String.init) ?? "of unknown version"
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        guard numbers.lexicographicallyPrecedes(Self.oldestGit) else {
            return .ok("git", "\(version) at \(host.git)")
        }
        return .bad("git", "\(version) at \(host.git) is too old", mend: "install git 2.38 or newer")
    }

    private var containment: Finding {
        let finding = Containment.detect(environment: patient.environment)
        if finding.containment != .group { return .ok("containment", finding.reason) }
        return .warn(
            "containment",
            "\(finding.reason); processes are found by group and mark instead",
            mend:
                "apt install bubblewrap, and allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                + "kernel.apparmor_restrict_unprivileged_userns=0)"
        )
    }

    private var clock: Finding {
        let zone = ProcessInfo.processInfo.environment["TZ"] ?? TimeZone.current.identifier
        if now.now < Self.earliest {
            return .bad(
                "clock",
                "it says \(now.head()), which is long past",
                mend: "timedatectl set-ntp true"
            )
        }
        if let last = lastWritten, last.timeIntervalSince(now.now) > 60 {
            return .bad(
                "clock",
                "it says \(now.head()), but the history was written at \(now.moment(last)): it went back",
                mend: "timedatectl set-ntp true"
            )
        }
        return .ok("clock", "\(now.head()), \(zone)")
    }

    /// When the history was last written, by its file.
    private var lastWritten: Date? {
        let file = patient.stateDirectory?.appending("history.sqlite").string
        let facts = file.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) }
        return facts?[.modificationDate] as? Date
    }

    /// The daemon's checkouts have each as an empty directory: git would have to fetch it, by what the repository says.
    private func submodules(in place: FilePath) -> [Finding] {
        guard let text = try? String(contentsOfFile: place.appending(".gitmodules").string, encoding: .utf8)
        else { return [] }
        let count = text.split(separator: "\n").count { $0.trimmingPrefix(" ").hasPrefix("[submodule") }
        guard count > 0 else { return [] }
        return [
            .warn(
                "submodules",
                "\(Wording.plural(count, "submodule")), empty where agents work and where checks run",
                mend:
                    "let the checks do without, or get by setup: what they need, in a place that .gitignore names"
            )
        ]
    }

    func repository() -> [Finding] {
        do throws(Failure) {
            let host = try GitHost.find(in: patient.environment)
            let repository = try UserRepository.open(around: patient.repository, host: host)
            let place = repository.workTree ?? repository.gitDirectory
            guard let head = try repository.head() else {
                return [
                    .bad(
                        "repository",
                        "\(place) has no commit yet",
                        mend: "git add -A && git commit -m 'First commit'"
                    )
                ]
            }
            let branch = try repository.branch().map { "on \($0)" } ?? "on no branch"
            return [.ok("repository", "\(place) \(branch) at \(head.short)")] + submodules(in: place)
        } catch {
            return [.bad("repository", error.message, mend: "cd to the repository, or pass --project")]
        }
    }
}
