internal import GRDB
package import RalphCore

/// Which items wait for others.
extension HistoryReading {
    static var awaitedKeys: String {
        """
        SELECT DISTINCT after.value FROM item, json_each(item.attributes, '$.after') AS after
        WHERE item.state = 'waiting' AND item.attributes IS NOT NULL
        """
    }

    /// Keys that an item which is not done names in `after=`: who passes one of them by stops others.
    package func awaitedKeys() throws(Failure) -> Set<String> {
        try reader.read { try String.fetchSet($0, sql: Self.awaitedKeys) }
    }

    /// How many items wait for nothing but others that only a person can bring on, near or far. One that asks is none of
    /// them: its answer needs a daemon.
    package func countBehindPerson() throws(Failure) -> Int {
        try reader.read { db in
            var waiting: [String: Set<String>] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT item.key, after.value FROM item, json_each(item.attributes, '$.after') AS after
                    WHERE item.state = 'waiting' AND item.block_kind IS NULL AND item.attributes IS NOT NULL
                    """
            )
            while let row = try rows.next() { waiting[row[1], default: []].insert(row[0]) }
            var stuck = try String.fetchSet(
                db,
                sql: "SELECT key FROM item WHERE state IN ('manual', 'later', 'blocked')"
            )
            var (edge, count) = (Array(stuck), 0)
            while let key = edge.popLast() {
                for other in waiting[key] ?? [] where stuck.insert(other).inserted {
                    edge.append(other)
                    count += 1
                }
            }
            return count
        }
    }
}
