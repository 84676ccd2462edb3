internal import GRDB
package import RalphCore

package import struct Foundation.Date

/// What a stretch of time came to, for the morning's report.
extension HistoryReading {
    /// Ended iterations since an instant by outcome, with what they cost.
    package func sums(since: Date) throws(Failure) -> (outcomes: [Outcome: Int], strikes: Int, spend: Spend) {
        try reader.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT outcome, \(Schema.kind("iteration")) AS kind,
                        count(*), sum(is_strike), coalesce(sum(cost_usd), 0), coalesce(sum(tokens_input), 0),
                        coalesce(sum(tokens_output), 0), coalesce(sum(tokens_cache_read), 0),
                        coalesce(sum(tokens_cache_write), 0), sum(\(Schema.isUnknown("iteration")))
                    FROM iteration WHERE ended_at >= ? GROUP BY outcome, kind
                    """,
                arguments: [since.milliseconds]
            )
            var (outcomes, strikes, spend): ([Outcome: Int], Int, Spend) = ([:], 0, Spend())
            for row in rows {
                let count: Int = row[2]
                if let outcome = Outcome(rawValue: row[0]) { outcomes[outcome, default: 0] += count }
                strikes += row[3] as Int
                spend.add(kind: row[1], iterations: count, usd: row[4], unknown: row[9])
                spend.tokens.input += row[5]
                spend.tokens.output += row[6]
                spend.tokens.cacheRead += row[7]
                spend.tokens.cacheWrite += row[8]
            }
            return (outcomes, strikes, spend)
        }
    }

    /// Iterations that landed since an instant, newest first.
    package func landings(since: Date, limit: Int) throws(Failure) -> [IterationRecord] {
        try reader.read {
            try IterationRecord.fetchAll(
                $0,
                "WHERE outcome = 'landed' AND ended_at >= ? ORDER BY ended_at DESC, id DESC LIMIT ?",
                [since.milliseconds, limit]
            )
        }
    }

    /// The last changes of agents, oldest first.
    package func agentEvents(limit: Int) throws(Failure) -> [EventRecord] {
        try reader.read {
            try EventRecord.fetchAll($0, "WHERE kind = 'agent_changed' ORDER BY id DESC LIMIT ?", [limit])
                .reversed()
        }
    }

    /// Questions that were asked since an instant or are still open, oldest first.
    package func questions(since: Date, limit: Int) throws(Failure) -> [QuestionRecord] {
        try reader.read {
            try QuestionRecord.fetchAll(
                $0,
                "WHERE state = 'open' OR asked_at >= ? ORDER BY id DESC LIMIT ?",
                [since.milliseconds, limit]
            ).reversed()
        }
    }

    /// The iteration whose run of a check stands for that of another, because both had the same tree. Looked for among the
    /// ten thousand before it.
    package func runBehindReceipt(of iteration: IterationRecord, check: String) throws(Failure)
        -> IterationRecord?
    {
        guard let tree = iteration.tree else { return nil }
        return try reader.read {
            try IterationRecord.fetchOne(
                $0,
                """
                WHERE id <> ? AND id BETWEEN ? AND ? AND tree = ?
                    AND EXISTS (SELECT 1 FROM check_run WHERE check_run.iteration = iteration.id AND subject = 'candidate' AND name = ?)
                ORDER BY id DESC LIMIT 1
                """,
                [
                    iteration.id.rawValue, iteration.id.rawValue - Self.nearby, iteration.id.rawValue,
                    tree.rawValue, check,
                ]
            )
        }
    }

    private static var nearby: Int64 { 10_000 }

    /// Keys that an item which is not done names in `after=`: who passes one of them by stops others.
    package func awaitedKeys() throws(Failure) -> Set<String> {
        try reader.read { db in
            try String.fetchSet(
                db,
                sql: """
                    SELECT DISTINCT after.value FROM item, json_each(item.attributes, '$.after') AS after
                    WHERE item.state = 'waiting' AND item.attributes IS NOT NULL
                    """
            )
        }
    }
}
