import Glibc
import SystemPackage

/// How much room the file system of a path has, as `statvfs(3)` says for who is not root.
struct DiskSpace: Equatable, Sendable {
    /// Less than this is low; on a small disk less than this share of it.
    private static let floorBytes: UInt64 = 1 << 30
    private static let floorShare: UInt64 = 20
    /// The same for inodes, where the file system counts them.
    private static let floorFiles: UInt64 = 10_000

    var freeBytes: UInt64
    var totalBytes: UInt64
    var freeFiles: UInt64 = 0
    var totalFiles: UInt64 = 0
    var isReadOnly = false

    /// Nil when the path cannot be looked at.
    init?(of path: FilePath) {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else { return nil }
        freeBytes = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        totalBytes = UInt64(status.f_blocks) * UInt64(status.f_frsize)
        freeFiles = UInt64(status.f_favail)
        totalFiles = UInt64(status.f_files)
        isReadOnly = status.f_flag & UInt(ST_RDONLY) != 0
    }

    init(freeBytes: UInt64, totalBytes: UInt64) {
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
    }

    /// What is left, in words, when it is too little to begin anything; nil when there is enough.
    var shortage: String? {
        if totalBytes > 0, freeBytes < min(Self.floorBytes, totalBytes / Self.floorShare) {
            return "\(Self.words(freeBytes)) of \(Self.words(totalBytes)) are free"
        }
        if totalFiles > 0, freeFiles < min(Self.floorFiles, totalFiles / Self.floorShare) {
            return "\(freeFiles) of \(totalFiles) inodes are free"
        }
        return nil
    }

    /// "812 MB", "20.1 GB".
    static func words(_ bytes: UInt64) -> String {
        let units = ["kB", "MB", "GB", "TB", "PB"]
        var (tenths, unit) = ((bytes + 50) / 100, 0)
        while tenths >= 9_995, unit + 1 < units.count { (tenths, unit) = ((tenths + 500) / 1000, unit + 1) }
        let isShort = tenths < 1_000 && unit > 0
        return (isShort ? "\(tenths / 10).\(tenths % 10)" : "\((tenths + 5) / 10)") + " " + units[unit]
    }
}
