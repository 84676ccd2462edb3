import CRalph
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
    let isRegular: Bool
    /// The rights alone.
    let mode: mode_t
    let owner: (user: uid_t, group: gid_t)
    let size: Int64
    /// As the disk counts them, so that a sparse file weighs what it takes.
    let bytes: Int
    /// Nanoseconds since 1970.
    let modified: Int64

    /// Seconds since 1970.
    var changedAt: Double { Double(modified) / 1e9 }

    /// Nil when there is none; `errno` says why.
    init?(of path: FilePath, followsLink: Bool = true) {
        var file = ralph_file()
        guard ralph_look(path.string, followsLink ? 1 : 0, &file) == 0 else { return nil }
        self.init(file)
    }

    /// Of an open file. Nil when that cannot be told; `errno` says why.
    init?(of descriptor: Int32) {
        var file = ralph_file()
        guard ralph_look_at(descriptor, &file) == 0 else { return nil }
        self.init(file)
    }

    private init(_ file: ralph_file) {
        identity = Identity(device: file.device, number: file.inode)
        isRegular = file.mode & UInt32(S_IFMT) == UInt32(S_IFREG)
        mode = mode_t(file.mode & 0o7777)
        owner = (file.user, file.group)
        size = file.size
        bytes = Int(file.room)
        modified = file.modified
    }
}
