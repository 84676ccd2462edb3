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

    /// The number within its item of the last landing before this iteration; 0 where there is none.
    package func lastLanding(before iteration: IterationRecord) throws(Failure) -> Int {
        try reader.read {
            try Int.fetchOne(
                $0,
                sql:
                    "SELECT max(ordinal) FROM iteration WHERE item = ? AND ordinal < ? AND outcome = 'landed'",
                arguments: [iteration.item.rawValue, iteration.ordinal]
            ) ?? 0
        }
    }

    /// Whether what an iteration landed was undone: a done item is blocked by nothing else. Looks through all events.
    package func isTakenBack(_ landing: IterationRecord) throws(Failure) -> Bool {
        try reader.read {
            try String.fetchOne(
                $0,
                sql: """
                    SELECT json_extract(details, '$.state') AS state FROM event
                    WHERE kind = 'item_changed' AND item = ? AND json_extract(details, '$.state') <> 'done'
                        AND id > (SELECT max(id) FROM event WHERE kind = 'iteration_ended' AND iteration = ?)
                    ORDER BY id LIMIT 1
                    """,
                arguments: [landing.item.rawValue, landing.id.rawValue]
            )
        } == ItemState.blocked.rawValue
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
}
