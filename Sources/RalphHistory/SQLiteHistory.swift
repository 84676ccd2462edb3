internal import GRDB
package import RalphCore

internal import struct Foundation.Date

/// The history of one project in `<state>/history.sqlite`, as the daemon writes it.
///
/// Each deed is one transaction with its events, on disk when the call returns. Deeds block and do not look at task
/// cancellation: what happened is written down also when the task around it was cancelled. Call them from a thread or
/// an executor that may wait for a disk.
package final class SQLiteHistory: HistoryReading {
    package static let fileName = "history.sqlite"

    package let reader: HistoryReader
    private let pool: DatabasePool
    private let now: @Sendable () -> Date
    private let broadcast = EventBroadcast()

    init(pool: DatabasePool, file: String, now: @escaping @Sendable () -> Date) {
        self.pool = pool
        self.now = now
        reader = HistoryReader(database: pool, file: file)
    }

    /// Runs a deed: one transaction, after which those who wait for events are told of the last one.
    func perform<T>(_ body: (inout Deed) throws -> T) throws(Failure) -> T {
        let at = now()
        try FaultPoint.historyWriting.reached()
        do {
            let (result, last) = try pool.write { db in
                var deed = Deed(db: db, now: at)
                let result = try body(&deed)
                return (result, deed.lastEvent)
            }
            FaultPoint.historyWritten.passed()
            if let last { broadcast.send(last) }
            return result
        } catch {
            throw Failure.storage(error, file: reader.file, doing: "write to")
        }
    }

    /// The number of the newest event, each time there are new ones. Numbers in between are dropped for a slow reader: ask
    /// ``HistoryReading/events(after:limit:)`` for what is new. Subscribe first and ask then, or one may be missed.
    package func newEvents() -> AsyncStream<EventID> { broadcast.subscribe() }

    /// Writes a page to the disk without changing anything, to see whether a full or broken disk takes writes again.
    package func proveWritable() throws(Failure) {
        try perform { try $0.db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)") }
    }

    /// Merges the write-ahead log into the file and closes it. Ends the streams of ``newEvents()``.
    package func close() {
        broadcast.finish()
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }
}
