import Glibc
package import SystemPackage

/// How a checkout stands: what `HEAD` names, and which index it has.
///
/// What git does to the PRD is no edit of its author's. A `git checkout` writes the files first, then the index, and `HEAD` last:
/// so an index that has just been written may be that of a branch that `HEAD` does not name yet.
package struct CheckoutStand: Equatable, Sendable {
    /// One version of the index.
    package struct Index: Equatable, Sendable {
        let inode: UInt64
        let modified: Int64
    }

    package let gitDirectory: FilePath
    /// Nil where there is none yet.
    package let index: Index?
    private let head: [UInt8]

    /// What `HEAD` of a checkout says: a branch, or a commit.
    package static func head(in gitDirectory: FilePath) -> [UInt8] {
        FileWriting.read(gitDirectory.appending("HEAD"), limit: 1 << 12) ?? []
    }

    package init(_ gitDirectory: FilePath) {
        self.gitDirectory = gitDirectory
        head = Self.head(in: gitDirectory)
        index = PathStatus(at: gitDirectory.appending("index")).map {
            Index(inode: $0.inode, modified: $0.modified)
        }
    }

    /// From the index to `HEAD` git needs a millisecond, and some dozens where each has to be on the disk first.
    package static let settlingTime = 0.2
    /// A lock that is older than this was left by a git that died, or is held while somebody writes a message.
    private static let longestLock = 10.0

    /// Whether git may be half way through something.
    /// - Parameter own: the index that our own landing left, which is no reason to wait.
    package func isSettling(butFor own: Index?) -> Bool {
        if isLocked { return true }
        guard let index, index != own else { return false }
        return Self.age(of: index.modified) < Self.settlingTime
    }

    /// Whether no git command has moved it since, and none does now.
    package var isUnchanged: Bool { !isLocked && CheckoutStand(gitDirectory) == self }

    private var isLocked: Bool {
        PathStatus(at: gitDirectory.appending("index.lock")).map {
            Self.age(of: $0.changed) < Self.longestLock
        }
            ?? false
    }

    /// In seconds, of a file's time by the file system's clock; a time to come counts as its distance.
    private static func age(of time: Int64) -> Double {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return abs(Double(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - time)) / 1e9
    }

    /// Entries of the git directory whose change means that the PRD may be read again, or not any more.
    package static let telling: Set<String> = [
        "HEAD", "rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer",
        "BISECT_START",
    ]
}
