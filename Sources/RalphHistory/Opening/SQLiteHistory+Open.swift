internal import GRDB
internal import Glibc
package import RalphCore
package import SystemPackage

package import struct Foundation.Date

extension SQLiteHistory {
    /// How long a statement waits for another program's lock, such as a person's `sqlite3`, before it fails as `busy`.
    private static let patience = 5.0
    /// Pages of log after a bulk write are given back to the disk down to this many bytes.
    private static let walLimit = 16 << 20
    /// The server's answers are short; more connections only cost memory.
    private static let readers = 3

    /// Opens the history for the daemon, makes it (in a directory closed to others) or brings it up to date.
    ///
    /// Take the ``StateLock`` first. Throws `storage`, with its `StorageTrouble`, when the file cannot be used.
    package static func open(
        directory: FilePath,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(Failure) -> SQLiteHistory {
        try StateDirectory.prepare(directory)
        let file = directory.appending(fileName).string
        do {
            let pool = try DatabasePool(path: file, configuration: configuration())
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL with WAL, which may lose the last transactions when the power fails.
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(walLimit)")
                try Schema.assertOurs(db, file: file)
            }
            try Schema.migrator.migrate(pool)
            return SQLiteHistory(pool: pool, file: file, now: now)
        } catch {
            throw Failure.storage(error, file: file, doing: "open")
        }
    }

    /// Opens the history to read it, whether a daemon runs or not, also in a directory that may only be read.
    package static func openReadOnly(directory: FilePath) throws(Failure) -> HistoryReader {
        let file = directory.appending(fileName).string
        guard access(file, F_OK) == 0 else {
            throw Failure(
                storage: .cannotOpen,
                "no history at \(file): start ralphd once, or pass the --state-dir of the one that ran"
            )
        }
        do {
            let queue = try readOnlyQueue(file)
            try queue.read { try assertReadable($0, file: file) }
            return HistoryReader(database: queue, file: file)
        } catch {
            throw Failure.storage(error, file: file, doing: "read")
        }
    }

    private static func readOnlyQueue(_ file: String) throws -> DatabaseQueue {
        var configuration = configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: file, configuration: configuration)
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            // SQLite wants to make a log beside the file and may not. Without a log all that was ever written is in
            // the file itself, so it can be read as it is.
            guard access(file + "-wal", F_OK) != 0, access(file, R_OK) == 0 else { throw error }
            return try DatabaseQueue(path: immutableURI(file), configuration: configuration)
        }
    }

    /// `file:` URI of an absolute path; SQLite reads no sidecar files and takes no locks with `immutable`.
    private static func immutableURI(_ file: String) -> String {
        let plain = Set("/-_.~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
        var path = ""
        for byte in file.utf8 {
            path += plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte)
        }
        return "file:\(path)?immutable=1"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func assertReadable(_ db: Database, file: String) throws {
        try Schema.assertOurs(db, file: file)
        guard try !Schema.isEmpty(db) else {
            throw Failure(
                storage: .cannotOpen,
                "\(file) is empty: wait until ralphd has started, or start it"
            )
        }
        guard try Schema.isCurrent(db) else {
            throw Failure(
                storage: .cannotOpen,
                "\(file) was written by an earlier version of ralphd: start ralphd once to bring it up to date"
            )
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "ralphd.history"
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = readers
        configuration.foreignKeysEnabled = true
        return configuration
    }
}
