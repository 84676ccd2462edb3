package import struct Foundation.Date

/// What an iteration is charged with against the ceilings.
package struct Bill: Equatable, Sendable {
    /// Of all its runs that tell; nil: none does.
    package var usd: Double?
    /// Of all its runs that tell; nil: none does.
    package var tokens: Int?
    /// Charged besides, for runs of which nobody knows.
    package var assumed = Ceiling()
    /// When the last of its runs ended: the day that it counts on. Nil: that is now.
    package var at: Date?

    private static let mostDollars = 1e9
    private static let mostTokens = 4_000_000_000_000

    package init() {}

    package init(of iteration: IterationRecord) {
        // Both are an agent's word.
        usd = iteration.cost.usd.flatMap { $0.isFinite ? min(max($0, 0), Self.mostDollars) : nil }
        tokens = iteration.tokens.map { min($0.total, Self.mostTokens) }
        assumed = iteration.assumed
        at = iteration.chargedAt
    }

    package var charge: Outlay {
        var sum = Outlay(usd: usd ?? 0, tokens: tokens ?? 0)
        sum += Outlay(usd: assumed.usd ?? 0, tokens: assumed.tokens ?? 0)
        return sum
    }
}

extension IterationRecord {
    /// Takes in what one run of an agent came to. What nobody knows of it replaces no figure that is known: it is charged with
    /// what was put by, and counted apart.
    /// - Parameter didWork: whether a model was asked, or may have been. What it cost is then not nothing only because nobody
    ///   says.
    package mutating func charge(
        _ said: Cost,
        _ used: TokenUsage?,
        didWork: Bool,
        putBy: Ceiling,
        at instant: Date
    ) {
        chargedAt = instant
        let run = said.usd?.isFinite == false ? .unknown : said
        cost = cost.adding(run)
        if let used { tokens = tokens?.adding(used) ?? used }
        isUnpriced = isUnpriced == true || didWork && run == .unknown
        guard didWork else { return }
        if run == .unknown, let usd = putBy.usd { assumed.usd = (assumed.usd ?? 0) + usd }
        if used == nil, let count = putBy.tokens { assumed.tokens = (assumed.tokens ?? 0) &+ count }
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
    /// `iteration`, which holds for each run of an agent.
    package var iteration = Ceiling()
    /// What was left of the other ceilings before the iteration had spent anything.
    package var rooms: [Budget.Scope: Ceiling] = [:]

    package init() {}

    /// Rounding of sums must not make three times ten cents more than thirty.
    package static let hair = 1e-6

    /// For another run of the same iteration.
    package func left(after spent: Outlay) -> Allowance {
        var next = Allowance()
        (next.iteration, next.rooms, next.cap) = (iteration, rooms, iteration)
        for scope in Budget.Scope.allCases {
            if let usd = rooms[scope]?.usd.map({ $0 - spent.usd }), usd < next.cap.usd ?? .infinity {
                (next.cap.usd, next.usdScope) = (usd, scope)
            }
            if let tokens = rooms[scope]?.tokens.map({ $0 - spent.tokens }), tokens < next.cap.tokens ?? .max
            {
                (next.cap.tokens, next.tokensScope) = (tokens, scope)
            }
        }
        return next
    }

    /// What is put by for a run: as much as for another one of the iteration, at most what it may spend.
    package func putBy(like other: Ceiling) -> Ceiling {
        Ceiling(
            usd: cap.usd.map { min(other.usd ?? $0, $0) } ?? other.usd,
            tokens: cap.tokens.map { min(other.tokens ?? $0, $0) } ?? other.tokens
        )
    }

    /// The ceiling that nothing is left of; nil: a run may begin.
    package var exhausted: Budget.Scope? {
        if let usd = cap.usd, usd <= Self.hair { return usdScope }
        if let tokens = cap.tokens, tokens <= 0 { return tokensScope }
        return nil
    }
}
