internal import Glibc
internal import RalphCore
internal import SystemPackage

/// A directory that is ours by device and inode, recorded when it was made: what else stands at its path, a link to the
/// person's own checkout for one, is moved aside and never written to.
struct OwnedDirectory {
    let path: FilePath
    private let trash: Trash

    /// Beside the directory, because what is inside is the agent's.
    private var record: FilePath { FilePath(path.string + ".id") }

    init(_ path: FilePath, trash: Trash) {
        self.path = path
        self.trash = trash
    }

    /// Whether what stands there now is the directory that we made.
    var isOurs: Bool {
        guard let status = PathStatus(at: path), status.kind == .directory,
            let recorded = FileWriting.read(record, limit: 100)
        else { return false }
        return String(decoding: recorded, as: UTF8.self) == Self.mark(status)
    }

    /// Makes the directory if it is not there or not ours. True if it was made, and so is empty.
    func ensure() throws(Failure) -> Bool {
        if isOurs, access(path.string, R_OK | W_OK | X_OK) == 0 { return false }
        if isOurs, chmod(path.string, 0o755) == 0 { return false }
        try makeAnew()
        return true
    }

    /// Moves what is there aside and makes an empty directory.
    func makeAnew() throws(Failure) {
        try trash.discard(path)
        try FileWriting.makeDirectory(path.removingLastComponent(), mode: 0o700)
        guard mkdir(path.string, 0o755) == 0 else { throw FileWriting.failure("create", path) }
        guard let status = PathStatus(at: path) else { throw FileWriting.failure("read", path) }
        try FileWriting.replace(record, Array(Self.mark(status).utf8))
    }

    private static func mark(_ status: PathStatus) -> String { "\(status.device) \(status.inode)\n" }
}
