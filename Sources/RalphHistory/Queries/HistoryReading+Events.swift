internal import GRDB
package import RalphCore

package import struct Foundation.Date

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

extension HistoryReading {
    /// Items of which something changed at or after an instant, as far back as events are kept. Nil when so many changed at
    /// once that they were not named.
    package func items(changedSince instant: Date) throws(Failure) -> Set<ItemID>? {
        try reader.read { (db) -> Set<ItemID>? in
            let unnamed = try Int64.fetchOne(
                db,
                sql: "SELECT id FROM event WHERE at >= ? AND kind = 'items_changed' LIMIT 1",
                arguments: [instant.milliseconds]
            )
            guard unnamed == nil else { return nil }
            let ids = try Int64.fetchAll(
                db,
                sql:
                    "SELECT DISTINCT item FROM event WHERE at >= ? AND item IS NOT NULL AND kind = 'item_changed'",
                arguments: [instant.milliseconds]
            )
            return Set(ids.map { ItemID($0) })
        }
    }
}
