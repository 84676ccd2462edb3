internal import Glibc
internal import SystemPackage

/// What `lstat` says of a path; links are never followed.
struct PathStatus: Equatable {
    enum Kind: Equatable { case file, directory, link, other }

    var kind: Kind
    var device: UInt64
    var inode: UInt64
    var mode: UInt32
    var size: Int64
    var linkCount: UInt64
    /// Nanoseconds since 1970, on the file system's clock.
    var modified: Int64
    var changed: Int64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        mode = UInt32(status.st_mode)
        size = Int64(status.st_size)
        linkCount = UInt64(status.st_nlink)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    /// Nil if there is nothing, or nothing that can be seen.
    init?(at path: FilePath) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Nil if there is nothing, or nothing that can be seen.
    init?(at path: borrowing RawPath) {
        var status = stat()
        guard path.withPointer({ lstat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }
}

/// A directory and a path below it as bytes: git's paths need not be UTF-8, and `String` would mend them.
struct RawPath {
    private var bytes: [CChar]

    init(_ directory: FilePath, _ path: some Sequence<UInt8>) {
        var bytes = directory.string.utf8.map { CChar(bitPattern: $0) }
        bytes.append(CChar(bitPattern: UInt8(ascii: "/")))
        bytes.append(contentsOf: path.lazy.map { CChar(bitPattern: $0) })
        bytes.append(0)
        self.bytes = bytes
    }

    func withPointer<Value>(_ body: (UnsafePointer<CChar>) -> Value) -> Value {
        bytes.withUnsafeBufferPointer { buffer in
            // An initialised array ends in its terminator, so it has an address.
            buffer.baseAddress.map(body) ?? body("")
        }
    }
}
