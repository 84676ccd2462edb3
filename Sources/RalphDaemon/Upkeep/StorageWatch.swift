import Glibc
import RalphCore
import SystemPackage

/// Looks whether the places that everything is written to are there, may be written to and have room: before each claim,
/// because what is begun without them is paid for and lost.
struct StorageWatch: Sendable {
    private let state: FilePath
    private let historyFile: FilePath
    /// The file that is open. One that was removed takes writes without an error, and loses them.
    private let history: FileFacts.Identity?
    private let repository: FilePath

    /// - Parameters:
    ///   - history: the open database.
    ///   - repository: the git directory that all work trees share.
    init(state: FilePath, history: FilePath, repository: FilePath) {
        self.state = state
        historyFile = history
        self.history = FileFacts(of: history)?.identity
        self.repository = repository
    }

    /// What keeps the project from going on; nil when nothing does.
    func trouble() -> RunMachine.Trouble? { lostState ?? lostRepository ?? shortage ?? closed(Self.written) }

    /// The same, and a look at every directory that a landing may have to write to: for when one has failed.
    func troubleAfterFailure() -> RunMachine.Trouble? {
        trouble() ?? closed(fanOut + ["objects/pack", "refs/ralph"])
    }

    /// Directories of a repository that every landing writes to.
    private static let written = [".", "objects", "refs", "refs/heads", "logs"]

    /// The directories that git spreads objects over.
    private var fanOut: [String] {
        (0...255).map { "objects/" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    }

    /// What one `sudo git` leaves, or somebody who closed the repository: no item's fault, and the same for all of them.
    private func closed(_ names: [String]) -> RunMachine.Trouble? {
        for name in names {
            let path = name == "." ? repository : repository.appending(name)
            guard access(path.string, W_OK | X_OK) != 0, errno != ENOENT, errno != ENOTDIR else { continue }
            return RunMachine.Trouble(
                .repository,
                "\(path) cannot be written to: \(Errno(rawValue: errno)); give it back to the user that ralphd runs as (chown, "
                    + "chmod), and it goes on by itself"
            )
        }
        return nil
    }

    private var lostState: RunMachine.Trouble? {
        guard let now = FileFacts(of: historyFile)?.identity else {
            return RunMachine.Trouble(
                .storage,
                "\(historyFile) is gone: put the state directory back where it was, or restart ralphd to begin with a new one"
            )
        }
        guard now == history else {
            return RunMachine.Trouble(
                .storage,
                "\(historyFile) is not the file that ralphd opened: restart ralphd, so that it takes this one"
            )
        }
        return nil
    }

    private var lostRepository: RunMachine.Trouble? {
        guard FileFacts(of: repository.appending("HEAD")) == nil else { return nil }
        return RunMachine.Trouble(
            .repository,
            "no repository is at \(repository) any more: put it back, and it goes on by itself; or stop ralphd"
        )
    }

    private var shortage: RunMachine.Trouble? {
        for place in [state, repository] {
            guard let space = DiskSpace(of: place) else { continue }
            if space.isReadOnly {
                return RunMachine.Trouble(
                    .storage,
                    "\(place) is on a file system that is mounted read-only: see the kernel's log, then mount it writable"
                )
            }
            if let shortage = space.shortage {
                return RunMachine.Trouble(
                    .storage,
                    "the disk of \(place) is almost full, \(shortage): free some space, or set keep: so that older logs go; "
                        + "it goes on by itself"
                )
            }
        }
        return nil
    }
}
