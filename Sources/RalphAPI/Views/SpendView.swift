package import RalphCore

/// What was spent, as far as it is known.
package struct SpendView: Codable, Equatable, Sendable {
    /// Null when iterations ended today, and nobody knows what any of them cost.
    @OrNull package var todayUSD: Double?
    @OrNull package var totalUSD: Double?
    /// Iterations whose cost nobody knows; they are in neither sum.
    package var unknownIterations: Int
    package var todayTokens: Int
    package var totalTokens: Int
    /// Charged against today's budget for iterations of today whose cost nobody knows.
    package var todayAssumedUSD: Double
    /// The part of the total that a subscription pays: its figure is the list price.
    package var planUSD: Double
    /// The ceilings in force; null when no daemon runs, or there are none.
    @OrNull package var budget: BudgetView?

    package init(todayUSD: Double?, totalUSD: Double?, unknownIterations: Int) {
        self.unknownIterations = unknownIterations
        (todayTokens, totalTokens, todayAssumedUSD, planUSD) = (0, 0, 0, 0)
        self.todayUSD = todayUSD
        self.totalUSD = totalUSD
    }

    private enum CodingKeys: String, CodingKey {
        case budget
        case todayUSD = "today_usd"
        case totalUSD = "total_usd"
        case unknownIterations = "unknown_iterations"
        case todayTokens = "today_tokens"
        case totalTokens = "total_tokens"
        case todayAssumedUSD = "today_assumed_usd"
        case planUSD = "plan_usd"
    }
}

/// The ceilings that are in force.
package struct BudgetView: Codable, Equatable, Sendable {
    package struct Amount: Codable, Equatable, Sendable {
        @OrNull package var usd: Double?
        @OrNull package var tokens: Int?

        package init(_ ceiling: Ceiling) {
            usd = ceiling.usd
            tokens = ceiling.tokens
        }
    }

    package var iteration: Amount
    package var item: Amount
    package var day: Amount
    package var total: Amount

    /// Nil when nothing is bounded.
    package init?(_ budget: Budget) {
        guard budget.hasUSD || budget.hasTokens else { return nil }
        iteration = Amount(budget.iteration)
        item = Amount(budget.item)
        day = Amount(budget.day)
        total = Amount(budget.total)
    }
}
