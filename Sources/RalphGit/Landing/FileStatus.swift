import Glibc

import struct SystemPackage.FilePath

/// What `lstat` says of a path, in the terms that git's own caches use.
struct FileStatus: Equatable {
    enum Kind { case file, directory, link, other }

    var kind: Kind
    var device: UInt64
    var inode: UInt64
    var changeTimeNanoseconds: Int64
    var size: Int64
    var permissions: UInt32
    var linkCount: UInt64

    /// Nil when there is nothing, or when a parent is no directory.
    init?(of path: FilePath) {
        var raw = stat()
        guard path.withPlatformString({ lstat($0, &raw) }) == 0 else { return nil }
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        changeTimeNanoseconds = Int64(raw.st_ctim.tv_sec) * 1_000_000_000 + Int64(raw.st_ctim.tv_nsec)
        size = Int64(raw.st_size)
        permissions = UInt32(raw.st_mode & 0o7777)
        linkCount = UInt64(raw.st_nlink)
    }
}

extension FilePath {
    /// Appends a relative path of git's, which need not be UTF-8.
    func appending(bytes: [UInt8]) -> FilePath {
        let relative = (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { FilePath(platformString: $0) }
        }
        return relative.map { appending($0.components) } ?? self
    }

    /// The path's bytes, without the terminating zero.
    var bytes: [UInt8] {
        withPlatformString { start in Array(UnsafeRawBufferPointer(start: start, count: strlen(start))) }
    }
}
