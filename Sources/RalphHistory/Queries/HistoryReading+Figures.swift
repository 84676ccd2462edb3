internal import GRDB
package import RalphCore

/// Ended iterations taken together.
package struct Figures: Equatable, Sendable {
    /// What they have in common: a day, an agent, a model, an outcome, an item's key.
    package var name: String
    /// Set when it is an item.
    package var item: ItemID?
    package var title: String?
    package var iterations: Int
    package var landed: Int
    package var strikes: Int
    /// Of those whose cost is known; nil when it is of none.
    package var usd: Double?
    package var unknownIterations: Int
    package var tokens: TokenUsage
    package var duration: Duration
}

/// By what iterations are taken together.
package enum FigureGroup: String, CaseIterable, Sendable {
    case item, day, agent, model, outcome
}

extension HistoryReading {
    /// Days newest first; items, and all else, dearest first.
    package func figures(by group: FigureGroup, limit: Int) throws(Failure) -> [Figures] {
        try reader.read { db in
            try Row.fetchAll(db, sql: Self.sql(group), arguments: [limit]).map(Figures.init)
        }
    }

    private static func sql(_ group: FigureGroup) -> String {
        let column: String
        switch group {
        case .item:
            return """
                SELECT item.key, item.id, item.title, s.iterations, landed, s.strikes, usd, known, unknown, tokens_input,
                    tokens_output, tokens_cache_read, tokens_cache_write, duration_ms
                FROM item_spend AS s JOIN item ON item.id = s.item WHERE s.iterations > 0
                ORDER BY usd DESC, s.iterations DESC, item.id LIMIT ?
                """
        case .day: column = "day"
        case .agent: column = "agent"
        case .model: column = "CASE model WHEN '' THEN agent ELSE agent || ':' || model END"
        case .outcome: column = "outcome"
        }
        return """
            SELECT \(column) AS name, NULL, NULL, sum(iterations) AS n,
                sum(CASE outcome WHEN 'landed' THEN iterations ELSE 0 END), sum(strikes), sum(usd) AS cost,
                sum(CASE WHEN cost_kind IN ('unknown', 'none') THEN 0 ELSE iterations END),
                sum(unknown), sum(tokens_input), sum(tokens_output),
                sum(tokens_cache_read), sum(tokens_cache_write), sum(duration_ms)
            FROM spend GROUP BY name HAVING n > 0
            ORDER BY \(group == .day ? "name DESC" : "cost DESC, n DESC, name") LIMIT ?
            """
    }
}

extension Figures {
    fileprivate init(_ row: Row) {
        let known: Int = row[7]
        self.init(
            name: row[0],
            item: (row[1] as Int64?).map { ItemID($0) },
            title: row[2],
            iterations: row[3],
            landed: row[4],
            strikes: row[5],
            usd: known > 0 ? max(0, row[6]) : nil,
            unknownIterations: row[8],
            tokens: TokenUsage(input: row[9], output: row[10], cacheRead: row[11], cacheWrite: row[12]),
            duration: .milliseconds(row[13] as Int64)
        )
    }
}
