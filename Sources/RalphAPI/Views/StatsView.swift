package import RalphCore

/// The project in figures, over its whole life.
package struct StatsView: Codable, Equatable, Sendable {
    /// Those that have ended.
    package var iterations: Int
    package var landed: Int
    package var strikes: Int
    /// Iterations by outcome; every outcome is there.
    package var outcomes: [String: Int]
    /// Items by state; every state is there.
    package var items: [String: Int]
    package var agents: [AgentStatsView]
    package var spend: SpendView
    /// Null when no cost is known.
    @OrNull package var landedPerUSD: Double?
    package var by: FigureGroups

    package init(agents: [AgentStatsView], outcomes: [String: Int], items: [String: Int], spend: SpendView) {
        self.iterations = agents.reduce(0) { $0 + $1.iterations }
        self.landed = agents.reduce(0) { $0 + $1.landed }
        self.strikes = agents.reduce(0) { $0 + $1.strikes }
        self.outcomes = outcomes
        self.items = items
        self.agents = agents
        self.spend = spend
        self.by = FigureGroups()
        self.landedPerUSD = nil
    }

    private enum CodingKeys: String, CodingKey {
        case iterations, landed, strikes, outcomes, items, agents, spend, by
        case landedPerUSD = "landed_per_usd"
    }
}

/// The same iterations, taken together by one thing and another.
package struct FigureGroups: Codable, Equatable, Sendable {
    /// The dearest first.
    package var item: [FiguresView] = []
    /// The host's days, newest first.
    package var day: [FiguresView] = []
    package var agent: [FiguresView] = []
    /// `agent:model`.
    package var model: [FiguresView] = []
    package var outcome: [FiguresView] = []

    package init() {}
}

/// Ended iterations that have something in common.
package struct FiguresView: Codable, Equatable, Sendable {
    /// What they have in common: a day, an agent, a model, an outcome, an item's key.
    package var name: String
    @OrNull package var item: ItemID?
    @OrNull package var title: String?
    package var iterations: Int
    package var landed: Int
    package var strikes: Int
    /// Of the iterations whose cost is known; null when it is of none.
    @OrNull package var costUSD: Double?
    package var unknownIterations: Int
    @OrNull package var landedPerUSD: Double?
    package var tokens: TokensView
    package var durationMS: Int64

    package init(
        name: String,
        iterations: Int,
        landed: Int,
        strikes: Int,
        costUSD: Double?,
        unknownIterations: Int,
        tokens: TokensView,
        durationMS: Int64
    ) {
        self.name = name
        self.iterations = iterations
        self.landed = landed
        self.strikes = strikes
        self.unknownIterations = unknownIterations
        self.tokens = tokens
        self.durationMS = durationMS
        self.item = nil
        self.title = nil
        self.costUSD = costUSD
        self.landedPerUSD = Self.worth(landed: landed, costUSD)
    }

    /// Landed items for a dollar; nil where nothing is known to have been paid.
    package static func worth(landed: Int, _ usd: Double?) -> Double? {
        guard let usd, usd > 0 else { return nil }
        return Double(landed) / usd
    }

    private enum CodingKeys: String, CodingKey {
        case name, item, title, iterations, landed, strikes, tokens
        case costUSD = "cost_usd"
        case unknownIterations = "unknown_iterations"
        case landedPerUSD = "landed_per_usd"
        case durationMS = "duration_ms"
    }
}

/// How one agent with one model fared.
package struct AgentStatsView: Codable, Equatable, Sendable {
    package var agent: String
    @OrNull package var model: String?
    package var iterations: Int
    package var landed: Int
    package var strikes: Int
    /// Of the iterations whose cost is known; null when it is of none.
    @OrNull package var costUSD: Double?
    package var unknownIterations: Int
    package var tokens: TokensView
    package var durationMS: Int64

    package init(
        agent: String,
        model: String?,
        iterations: Int,
        landed: Int,
        strikes: Int,
        costUSD: Double?,
        unknownIterations: Int,
        tokens: TokensView,
        durationMS: Int64
    ) {
        self.agent = agent
        self.iterations = iterations
        self.landed = landed
        self.strikes = strikes
        self.unknownIterations = unknownIterations
        self.tokens = tokens
        self.durationMS = durationMS
        self.model = model
        self.costUSD = costUSD
    }

    private enum CodingKeys: String, CodingKey {
        case agent, model, iterations, landed, strikes, tokens
        case costUSD = "cost_usd"
        case unknownIterations = "unknown_iterations"
        case durationMS = "duration_ms"
    }
}
