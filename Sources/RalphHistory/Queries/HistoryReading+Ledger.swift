internal import GRDB
package import RalphCore

package import struct Foundation.Date

extension HistoryReading {
    /// Iterations that are looked at for what one costs; most have no say when agents are limited for long.
    private static var mostLookedAt: Int { 1000 }

    /// What was spent so far, for a run machine to go on from.
    package func ledger(now: Date) throws(Failure) -> Ledger {
        let open = try openIterations()
        var ledger = try reader.read { db in
            var ledger = Ledger()
            let sums = try Row.fetchOne(
                db,
                sql: """
                    SELECT coalesce(sum(usd), 0.0), coalesce(sum(\(Self.tokens)), 0) FROM spend
                    """
            )
            ledger.total = Outlay(usd: sums?[0] ?? 0, tokens: sums?[1] ?? 0)
            let assumed = try Row.fetchOne(
                db,
                sql: """
                    SELECT coalesce(sum(assumed_usd), 0.0), coalesce(sum(assumed_tokens), 0) FROM iteration
                    WHERE (assumed_usd IS NOT NULL OR assumed_tokens IS NOT NULL) AND outcome IS NOT NULL
                    """
            )
            ledger.total.usd += assumed?[0] ?? 0
            ledger.total.tokens += assumed?[1] ?? 0
            ledger.recent = try Self.recent(db, since: now.addingTimeInterval(-Ledger.horizon))
            ledger.known = try Self.known(db)
            return ledger
        }
        for iteration in open {
            switch iteration.stage {
            case .preparing, .agent: ledger.reserved[iteration.item] = iteration.reserved
            case .snapshot, .checks, .review, .landing: ledger.wait(iteration.item, Bill(of: iteration))
            }
        }
        return ledger
    }

    private static var tokens: String {
        "tokens_input + tokens_output + tokens_cache_read + tokens_cache_write"
    }

    private static func recent(_ db: Database, since: Date) throws -> [Ledger.Entry] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT coalesce(charged_at, ended_at), coalesce(cost_usd, 0.0) + coalesce(assumed_usd, 0.0),
                    coalesce(\(tokens), 0) + coalesce(assumed_tokens, 0)
                FROM iteration WHERE ended_at >= ? ORDER BY ended_at
                """,
            arguments: [since.milliseconds]
        )
        return rows.map { row in
            Ledger.Entry(at: Date(milliseconds: row[0]), charge: Outlay(usd: row[1], tokens: row[2]))
        }
    }

    private static func known(_ db: Database) throws -> [Outlay] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT coalesce(cost_usd, 0.0), coalesce(\(tokens), 0) FROM
                    (SELECT * FROM iteration WHERE outcome IS NOT NULL ORDER BY id DESC LIMIT ?)
                WHERE cost_usd > 0 OR \(tokens) > 0 ORDER BY id DESC LIMIT ?
                """,
            arguments: [mostLookedAt, Ledger.sampleSize]
        )
        return rows.reversed().map { Outlay(usd: $0[0], tokens: $0[1]) }
    }
}
