internal import RalphAPI
internal import RalphCore
internal import RalphHistory

extension SpendView {
    init(today: Spend, total: Spend) {
        self.init(
            todayUSD: today.totalUSD,
            totalUSD: total.totalUSD,
            unknownIterations: total.unknownIterations
        )
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
        if tally.unknownIterations < tally.iterations { costUSD = (costUSD ?? 0) + tally.usd }
        tokens.input += tally.tokens.input
        tokens.output += tally.tokens.output
        tokens.cacheRead += tally.tokens.cacheRead
        tokens.cacheWrite += tally.tokens.cacheWrite
        durationMS += Int64(tally.duration / .milliseconds(1))
    }
}
