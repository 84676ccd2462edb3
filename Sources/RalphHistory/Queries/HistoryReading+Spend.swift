internal import GRDB
package import RalphCore

package import struct Foundation.Date

/// What iterations cost together, by how the figure is known.
package struct Spend: Equatable, Sendable {
    package var quotedUSD: Double = 0
    /// Notional: a subscription pays.
    package var planUSD: Double = 0
    package var derivedUSD: Double = 0
    /// Iterations of which nobody knows what they cost, or what a part of it cost.
    package var unknownIterations: Int = 0
    package var iterations: Int = 0
    package var tokens = TokenUsage()
    /// Charged against the ceilings for what nobody knows; in none of the sums.
    package var assumedUSD: Double = 0

    /// Nil when there is something whose cost nobody knows, and nothing else.
    package var knownUSD: Double? { totalUSD == 0 && unknownIterations > 0 ? nil : totalUSD }

    /// To a billionth: sums of the same figures in another order differ behind that.
    package var totalUSD: Double { ((quotedUSD + planUSD + derivedUSD) * 1e9).rounded() / 1e9 }

    package static func + (one: Spend, other: Spend) -> Spend {
        var sum = one
        sum.quotedUSD += other.quotedUSD
        sum.planUSD += other.planUSD
        sum.derivedUSD += other.derivedUSD
        sum.unknownIterations += other.unknownIterations
        sum.iterations += other.iterations
        sum.tokens = one.tokens.adding(other.tokens)
        sum.assumedUSD += other.assumedUSD
        return sum
    }

    package init() {}
}

/// Ended iterations of one agent, model and outcome.
package struct Tally: Equatable, Sendable {
    package var agent: String
    /// Nil when neither the CLI nor the author named one.
    package var model: String?
    package var outcome: Outcome
    package var iterations: Int
    package var strikes: Int
    package var usd: Double
    package var unknownIterations: Int
    package var tokens: TokenUsage
    package var duration: Duration
}

extension HistoryReading {
    /// Of all ended iterations.
    package func totalSpend() throws(Failure) -> Spend { try spend("spend") }

    /// Of those that ended on the host's day that holds this instant.
    package func spend(onDayOf instant: Date) throws(Failure) -> Spend {
        try spend(
            "spend WHERE day = date(? / 1000, 'unixepoch', 'localtime')",
            [instant.milliseconds]
        )
    }

    /// Of those that are over and whose last run of an agent ended within a time, wherever its day begins.
    package func spend(from start: Date, until end: Date) throws(Failure) -> Spend {
        var sum = try spend(
            "(\(Self.ofIterations) WHERE \(Self.isCharged))",
            [start.milliseconds, start.milliseconds, end.milliseconds]
        )
        sum.assumedUSD = try reader.read { db in
            try Double.fetchOne(
                db,
                sql:
                    "SELECT coalesce(sum(assumed_usd), 0.0) FROM iteration WHERE \(Self.isCharged)",
                arguments: [start.milliseconds, start.milliseconds, end.milliseconds]
            ) ?? 0
        }
        return sum
    }

    /// Nothing is charged after its iteration's end, so the index by ends finds them.
    private static var isCharged: String {
        "ended_at >= ? AND coalesce(charged_at, ended_at) >= ? AND coalesce(charged_at, ended_at) < ?"
    }

    /// Of iterations that are not over, as far as it is known: above all of work that waits to land.
    /// - Parameter start: without those whose last run of an agent ended before it.
    package func openSpend(since start: Date = .distantPast) throws(Failure) -> Spend {
        let isMeant = "outcome IS NULL AND coalesce(charged_at, \(Int64.max)) >= ?"
        var sum = try spend(
            "(\(Self.ofIterations) WHERE \(isMeant) AND (cost_usd IS NOT NULL OR tokens_input IS NOT NULL OR is_unpriced = 1))",
            [start.milliseconds]
        )
        sum.assumedUSD = try reader.read { db in
            try Double.fetchOne(
                db,
                sql: "SELECT coalesce(sum(assumed_usd), 0.0) FROM iteration WHERE \(isMeant)",
                arguments: [start.milliseconds]
            ) ?? 0
        }
        return sum
    }

    /// Of one item's iterations.
    package func spend(of item: ItemID) throws(Failure) -> Spend {
        try spend("(\(Self.ofIterations) WHERE item = ? AND outcome IS NOT NULL)", [item.rawValue])
    }

    /// Iterations in the shape of `spend`, one each.
    private static var ofIterations: String {
        """
        SELECT \(Schema.kind("iteration")) AS cost_kind, 1 AS iterations, cost_usd AS usd, tokens_input, tokens_output,
            tokens_cache_read, tokens_cache_write, \(Schema.isUnknown("iteration")) AS unknown
        FROM iteration
        """
    }

    private func spend(_ source: String, _ arguments: StatementArguments = []) throws(Failure) -> Spend {
        try reader.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT cost_kind, sum(iterations), coalesce(sum(usd), 0), coalesce(sum(tokens_input), 0),
                        coalesce(sum(tokens_output), 0), coalesce(sum(tokens_cache_read), 0),
                        coalesce(sum(tokens_cache_write), 0), coalesce(sum(unknown), 0)
                    FROM \(source) GROUP BY cost_kind
                    """,
                arguments: arguments
            )
            var spend = Spend()
            for row in rows { spend.add(row) }
            return spend
        }
    }

    /// How each agent and model fared, ever; for `stats`.
    package func tallies() throws(Failure) -> [Tally] {
        try reader.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT agent, model, outcome, sum(iterations), sum(strikes), sum(usd),
                        sum(unknown), sum(tokens_input),
                        sum(tokens_output), sum(tokens_cache_read), sum(tokens_cache_write), sum(duration_ms)
                    FROM spend GROUP BY agent, model, outcome HAVING sum(iterations) > 0
                    ORDER BY agent, model, outcome
                    """
            )
            return rows.compactMap(Tally.init)
        }
    }
}

extension Spend {
    fileprivate mutating func add(_ row: Row) {
        add(kind: row[0], iterations: row[1], usd: row[2], unknown: row[7])
        tokens.input += row[3]
        tokens.output += row[4]
        tokens.cacheRead += row[5]
        tokens.cacheWrite += row[6]
    }

    /// - Parameter kind: `cost_kind` as the sums have it, `none` for an iteration in which no model was asked.
    mutating func add(kind: String, iterations count: Int, usd: Double, unknown: Int) {
        iterations += count
        unknownIterations += unknown
        switch kind {
        case "quoted": quotedUSD += usd
        case "plan": planUSD += usd
        case "derived": derivedUSD += usd
        default: break
        }
    }
}

extension Tally {
    fileprivate init?(_ row: Row) {
        guard let outcome = Outcome(rawValue: row[2]) else { return nil }
        let model: String = row[1]
        self.init(
            agent: row[0],
            model: model.isEmpty ? nil : model,
            outcome: outcome,
            iterations: row[3],
            strikes: row[4],
            usd: row[5],
            unknownIterations: row[6],
            tokens: TokenUsage(input: row[7], output: row[8], cacheRead: row[9], cacheWrite: row[10]),
            duration: .milliseconds(row[11] as Int64)
        )
    }
}
