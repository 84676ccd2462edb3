internal import GRDB
package import RalphCore

extension HistoryReading {
    /// What happened after an event, oldest first.
    package func events(after id: EventID, limit: Int) throws(Failure) -> [EventRecord] {
        try reader.read {
            try EventRecord.fetchAll($0, "WHERE id > ? ORDER BY id LIMIT ?", [id.rawValue, limit])
        }
    }

    /// Where a stream that has missed nothing yet starts, also when that event was pruned. 0 when nothing ever happened.
    package func lastEvent() throws(Failure) -> EventID {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'event'"
        return try reader.read { EventID(try Int64.fetchOne($0, sql: sql) ?? 0) }
    }
}
