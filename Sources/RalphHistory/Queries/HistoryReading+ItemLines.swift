internal import GRDB
package import RalphCore

/// What a list shows of an item; the rest of its row is not read, which takes most of the time.
package struct ItemLine: Equatable, Sendable {
    package var id: ItemID
    package var key: String
    package var title: String
    package var section: [String]
    package var line: Int
    package var state: ItemState
    package var reason: String?
    package var strikes: Int
    package var iterations: Int
    package var commit: String?
    /// Why it waits for somebody.
    package var block: String?
    /// What is wrong with its text.
    package var error: String?
    /// Its own `attempts=`.
    package var attempts: Int?
}

extension HistoryReading {
    /// Items in these states, in document order.
    /// - Parameter item: only those behind it.
    package func itemLines(
        in states: Set<ItemState>,
        after item: ItemRecord? = nil,
        limit: Int? = nil
    ) throws(Failure) -> [ItemLine] {
        let words = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        let behind = item.map { [$0.position, Int($0.id.rawValue)] } ?? [-1, -1]
        let sql = """
            SELECT id, key, title, section, line, state, reason, strikes, iterations, landed_commit, block_message,
                error, CASE WHEN attributes IS NOT NULL THEN json_extract(attributes, '$.attempts') END
            FROM item WHERE state IN (\(words)) AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?
            """
        return try reader.read { db in
            let cursor = try Row.fetchCursor(
                db.cachedStatement(sql: sql),
                arguments: [behind[0], behind[1], limit ?? -1]
            )
            var lines: [ItemLine] = []
            while let row = try cursor.next() {
                var reader = RowReader(row: row, table: "item")
                lines.append(try ItemLine(&reader))
            }
            return lines
        }
    }
}

extension ItemLine {
    fileprivate init(_ row: inout RowReader) throws {
        id = ItemID(try row.next())
        key = try row.next()
        title = try row.next()
        section = try row.strings()
        line = try row.next()
        state = try row.word()
        reason = try row.next()
        strikes = try row.next()
        iterations = try row.next()
        commit = try row.next()
        block = try row.next()
        error = try row.next()
        attempts = try row.next()
    }

    package init(_ record: ItemRecord) {
        id = record.id
        key = record.item.key
        title = record.item.title
        section = record.item.section
        line = record.item.line
        state = record.state
        reason = record.reason
        strikes = record.strikes
        iterations = record.iterations
        commit = record.commit?.rawValue
        block = record.block?.message
        error = record.item.error
        attempts = record.item.attributes.attempts
    }
}
