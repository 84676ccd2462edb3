internal import GRDB
package import RalphCore

package import struct Foundation.Date

/// What lists and headlines need of many rows, without reading them whole.
extension HistoryReading {
    /// More iterations than a night can hold; what a sum over recent ones looks at.
    private static var mostRecent: Int { 5_000 }

    /// The keys by which people know these items.
    package func keys(of items: Set<ItemID>) throws(Failure) -> [ItemID: String] {
        try reader.read { db in
            let statement = try db.cachedStatement(sql: "SELECT key FROM item WHERE id = ?")
            var keys: [ItemID: String] = [:]
            for item in items {
                keys[item] = try String.fetchOne(statement, arguments: [item.rawValue])
            }
            return keys
        }
    }

    /// The first open items in the order in which they will run.
    package func nextItems(limit: Int) throws(Failure) -> [ItemRecord] {
        let order =
            "coalesce(json_extract(attributes, '$.priority'), \(ItemAttributes().priority)), position, id"
        return try reader.read {
            try ItemRecord.fetchAll($0, "WHERE state = 'open' ORDER BY \(order) LIMIT ?", [limit])
        }
    }

    /// Items that stand still for a stated cause, or that no agent does and others wait for, in document order: those on
    /// which a person can act.
    package func stuckItems() throws(Failure) -> [ItemRecord] {
        try reader.read {
            try ItemRecord.fetchAll(
                $0,
                """
                WHERE state IN ('blocked', 'waiting') AND (block_kind IS NOT NULL OR error IS NOT NULL)
                    OR state IN ('manual', 'later') AND key IN (\(Self.awaitedKeys))
                ORDER BY position, id
                """
            )
        }
    }

    /// An item's iteration by its number within the item.
    package func iteration(of item: ItemID, ordinal: Int) throws(Failure) -> IterationRecord? {
        try reader.read {
            try IterationRecord.fetchOne($0, "WHERE item = ? AND ordinal = ?", [item.rawValue, ordinal])
        }
    }

    /// How many iterations ended at or after an instant, and how many of them landed.
    package func countEnded(since: Date) throws(Failure) -> (iterations: Int, landed: Int) {
        try reader.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), coalesce(sum(outcome = 'landed'), 0) FROM (
                        SELECT outcome FROM iteration WHERE ended_at >= ? ORDER BY ended_at DESC LIMIT ?)
                    """,
                arguments: [since.milliseconds, Self.mostRecent]
            )
            return (row?[0] ?? 0, row?[1] ?? 0)
        }
    }
}
