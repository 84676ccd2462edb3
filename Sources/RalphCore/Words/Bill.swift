/// What an iteration is charged with against the ceilings.
package struct Bill: Equatable, Sendable {
    /// Nil: nobody knows.
    package var usd: Double?
    /// Nil: nobody knows.
    package var tokens: Int?
    /// What was put by before the agent started.
    package var reserved = Ceiling()
    /// Whether a model was asked, or may have been. What it cost is then not nothing only because nobody says.
    package var didWork = false

    private static let mostDollars = 1e9
    private static let mostTokens = 4_000_000_000_000

    package init() {}

    package init(of iteration: IterationRecord, didWork: Bool) {
        // Both are an agent's word.
        usd = iteration.cost.usd.flatMap { $0.isFinite ? min(max($0, 0), Self.mostDollars) : nil }
        tokens = iteration.tokens.map { min($0.total, Self.mostTokens) }
        reserved = iteration.reserved
        self.didWork = didWork
    }

    /// What is charged in place of figures that nobody knows: the reservation.
    package var assumed: Ceiling {
        guard didWork else { return Ceiling() }
        return Ceiling(usd: usd == nil ? reserved.usd : nil, tokens: tokens == nil ? reserved.tokens : nil)
    }

    package var charge: Outlay {
        Outlay(usd: usd ?? assumed.usd ?? 0, tokens: tokens ?? assumed.tokens ?? 0)
    }
}

/// What an iteration may spend, and what is put by for it before it starts.
package struct Allowance: Equatable, Sendable {
    /// At which it is ended.
    package var cap = Ceiling()
    /// Whose ceiling the cap is.
    package var usdScope: Budget.Scope?
    package var tokensScope: Budget.Scope?
    package var reserved = Ceiling()

    package init() {}
}
