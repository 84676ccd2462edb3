internal import GRDB
package import RalphCore
package import SystemPackage

/// What can be asked of a history, by the daemon that writes it and by who only reads it. The questions are extensions.
///
/// All of them block for as long as the disk takes.
package protocol HistoryReading: Sendable {
    var reader: HistoryReader { get }
}

/// A history that can only be read.
package struct HistoryReader: HistoryReading {
    private let database: any DatabaseReader
    let file: String

    package var reader: HistoryReader { self }

    init(database: any DatabaseReader, file: String) {
        self.database = database
        self.file = file
    }

    /// Runs queries that see one state of the database.
    func read<T>(_ body: (Database) throws -> T) throws(Failure) -> T {
        do {
            return try database.read(body)
        } catch {
            throw Failure.storage(error, file: file, doing: "read")
        }
    }

    /// Copies the whole history, as it is now, to a file that must not be there yet; the daemon may go on writing meanwhile.
    package func backup(to path: FilePath) throws(Failure) {
        try Backup(source: database, file: file).copy(to: path)
    }

    /// What SQLite finds wrong with the file; empty when it is sound. Reads all of it, so it takes as long as the file is big.
    package func integrityProblems() throws(Failure) -> [String] {
        try read { db in
            let sentences = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            let strays = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
            return sentences.filter { $0 != "ok" }
                + (strays > 0 ? ["\(strays) rows point at rows that are gone"] : [])
        }
    }

    package func close() { try? database.close() }
}
