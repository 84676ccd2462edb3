import Glibc
import RalphCore
import SystemPackage

/// Locks on refs that a killed git of a landing left. One is removed only if it must be ours: it was made after our landing began,
/// it says what we would have written or nothing yet, and no git is alive that could hold it.
struct RefLocks {
    let repository: UserRepository
    let intent: LandingIntent

    private var target: FilePath {
        FilePath(repository.commonDirectory.appending(intent.target).string + ".lock")
    }

    private var all: [(path: FilePath, writes: ObjectID)] {
        let here = intent.gitDirectory.map { FilePath($0) }
        let heads = here.map {
            [
                ($0.appending("HEAD.lock"), intent.candidate),
                ($0.appending("ORIG_HEAD.lock"), intent.expectedTip),
            ]
        }
        return [(target, intent.candidate)] + (heads ?? [])
    }

    /// One that stands now, whoever holds it.
    var standing: FilePath? { all.map(\.path).first { PathStatus(at: $0) != nil } }

    /// Removes those that a killed git of ours left.
    ///
    /// - Parameter since: when the landing took its lock or made its pin, on the file system's clock; nil if neither is left.
    func removeOurs(since: Int64?) {
        let places = [repository.commonDirectory, repository.workTree, intent.worktree.map { FilePath($0) }]
        let wasWritten = isWritten(target)
        let left = all.filter { isWritten($0.path) || mayBeOurs($0.path, writes: $0.writes, since: since) }
        guard !left.isEmpty else { return }
        // With the candidate in the branch's lock all of them are ours: git takes the others before it writes that one.
        guard wasWritten || !LeftoverGit.isAnyAlive(in: places.compactMap { $0 }) else { return }
        for lock in left { LandingFile.remove(lock.path) }
    }

    /// Whether the lock names the candidate, which nobody but us would move a ref to.
    private func isWritten(_ path: FilePath) -> Bool {
        FileWriting.read(path, limit: 1 << 10) == Array((intent.candidate.rawValue + "\n").utf8)
    }

    private func mayBeOurs(_ path: FilePath, writes: ObjectID, since: Int64?) -> Bool {
        guard let since, let status = PathStatus(at: path), status.kind == .file, status.changed >= since
        else { return false }
        let content = FileWriting.read(path, limit: 1 << 10) ?? []
        return Array((writes.rawValue + "\n").utf8).starts(with: content)
    }
}
