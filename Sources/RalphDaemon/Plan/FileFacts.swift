import Glibc
import RalphCore
import SystemPackage

/// What `stat(2)` says of a file.
struct FileFacts: Sendable {
    /// Which file a path names.
    struct Identity: Equatable, Sendable {
        let device: UInt64
        let number: UInt64
    }

    let identity: Identity
    /// As the disk counts them, so that a sparse file weighs what it takes.
    let bytes: Int
    /// Seconds since 1970.
    let changedAt: Double

    /// Nil when there is none.
    init?(of path: FilePath, followsLink: Bool = true) {
        var status = stat()
        let result = followsLink ? stat(path.string, &status) : lstat(path.string, &status)
        guard result == 0 else { return nil }
        identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        bytes = Int(status.st_blocks) * 512
        changedAt = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    }
}
