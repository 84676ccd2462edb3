internal import GRDB
internal import Glibc
internal import RalphCore
internal import SystemPackage

/// SQLite's online backup into a file that appears whole or not at all.
struct Backup {
    let source: any DatabaseReader
    let file: String

    func copy(to path: FilePath) throws(Failure) {
        guard access(path.string, F_OK) != 0 else {
            throw Failure(
                .conflict,
                "\(path) is there already: remove it or name another file for the backup"
            )
        }
        let partial = path.string + ".partial"
        unlink(partial)
        defer { unlink(partial) }
        do {
            try write(to: partial)
        } catch let cause as Errno {
            throw Failure(storage: .cannotOpen, "cannot write \(path): \(cause)", cause: cause)
        } catch {
            throw Failure.storage(error, file: file, doing: "copy to \(path) from")
        }
        guard publish(partial, as: path.string) else {
            let cause = Errno(rawValue: errno)
            throw Failure(storage: .cannotOpen, "cannot write \(path): \(cause)", cause: cause)
        }
    }

    /// A second name never replaces a file that came there meanwhile. A file system without second names has to rename.
    private func publish(_ partial: String, as path: String) -> Bool {
        if link(partial, path) == 0 { return true }
        return (errno == EPERM || errno == EOPNOTSUPP) && rename(partial, path) == 0
    }

    private func write(to partial: String) throws {
        let descriptor = try FileDescriptor.open(
            FilePath(partial),
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        try descriptor.close()
        let copy = try DatabaseQueue(path: partial)
        try source.backup(to: copy)
        // The copy takes the source's journal mode from its header; one file is easier to carry.
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try copy.close()
        let written = try FileDescriptor.open(FilePath(partial), .readOnly, options: .closeOnExec)
        defer { try? written.close() }
        guard fsync(written.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
