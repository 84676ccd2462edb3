internal import RalphAPI
internal import RalphCore
internal import RalphHistory

extension SpendView {
    init(today: Spend, total: Spend, budget: Budget?) {
        self.init(
            todayUSD: today.knownUSD,
            totalUSD: total.knownUSD,
            unknownIterations: total.unknownIterations
        )
        (todayTokens, totalTokens) = (today.tokens.total, total.tokens.total)
        todayAssumedUSD = today.assumedUSD
        planUSD = total.planUSD
        self.budget = budget.flatMap { BudgetView($0) }
    }
}

extension FiguresView {
    init(_ figures: Figures) {
        self.init(
            name: figures.name,
            iterations: figures.iterations,
            landed: figures.landed,
            strikes: figures.strikes,
            costUSD: figures.usd,
            unknownIterations: figures.unknownIterations,
            tokens: TokensView(figures.tokens),
            durationMS: Int64(figures.duration / .milliseconds(1))
        )
        item = figures.item
        title = figures.title
    }
}

extension AgentStatsView {
    /// One for each agent and model, its outcomes taken together.
    static func all(_ tallies: [Tally]) -> [AgentStatsView] {
        var views: [AgentStatsView] = []
        for tally in tallies {
            if let last = views.last, last.agent == tally.agent, last.model == tally.model {
                views[views.count - 1].add(tally)
            } else {
                var view = AgentStatsView(
                    agent: tally.agent,
                    model: tally.model,
                    iterations: 0,
                    landed: 0,
                    strikes: 0,
                    costUSD: nil,
                    unknownIterations: 0,
                    tokens: TokensView(TokenUsage()),
                    durationMS: 0
                )
                view.add(tally)
                views.append(view)
            }
        }
        return views
    }

    private mutating func add(_ tally: Tally) {
        iterations += tally.iterations
        landed += tally.outcome == .landed ? tally.iterations : 0
        strikes += tally.strikes
        unknownIterations += tally.unknownIterations
        if tally.unknownIterations < tally.iterations || tally.usd > 0 {
            costUSD = (costUSD ?? 0) + tally.usd
        }
        tokens.input += tally.tokens.input
        tokens.output += tally.tokens.output
        tokens.cacheRead += tally.tokens.cacheRead
        tokens.cacheWrite += tally.tokens.cacheWrite
        durationMS += Int64(tally.duration / .milliseconds(1))
    }
}

extension AgentParticulars {
    /// The sums of one agent, or of one model of it.
    init(of name: String, in tallies: [Tally]) {
        let own = tallies.filter { $0.agent == name || name == "\($0.agent):\($0.model ?? "")" }
        self.init(
            iterations: own.reduce(0) { $0 + $1.iterations },
            landed: own.filter { $0.outcome == .landed }.reduce(0) { $0 + $1.iterations },
            strikes: own.reduce(0) { $0 + $1.strikes }
        )
    }
}
