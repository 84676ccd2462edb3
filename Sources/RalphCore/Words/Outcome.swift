/// How an iteration ended: the closed set of DESIGN.md §4. What follows from each is data here, and nowhere else.
package enum Outcome: String, CaseIterable, Codable, Sendable {
    case landed
    case alreadyDone = "already_done"
    case incomplete
    case checksFailed = "checks_failed"
    case reviewRejected = "review_rejected"
    case noChange = "no_change"
    case protectedPath = "protected_path"
    case agentFailed = "agent_failed"
    case timedOut = "timed_out"
    case stalled
    case turnsExhausted = "turns_exhausted"
    case contextOverflow = "context_overflow"
    case budgetExhausted = "budget_exhausted"
    case question
    case rateLimited = "rate_limited"
    case unavailable
    case authFailed = "auth_failed"
    case billing
    case agentMissing = "agent_missing"
    case conflict
    case checkBroken = "check_broken"
    case cancelled
    case interrupted
    case internalError = "internal_error"
}

/// What the run machine does with an item after an outcome.
package enum Consequence: Equatable, Sendable {
    /// The item is finished.
    case done
    /// The next iteration of the item starts at once.
    case again
    /// The next iteration of the item starts after a backoff; the item keeps its turn.
    case backoff
    /// A person has to answer first.
    case awaitAnswer
    /// The agent, or one model of it, sleeps until its limit resets.
    case agentSleeps
    /// The agent is set aside until a person or a probe says otherwise.
    case agentSetAside
    /// The project holds, because what is broken is not the item's.
    case hold
}

extension Outcome {
    /// Whether the iteration counts against the item's `attempts`.
    package var isStrike: Bool { row.isStrike }

    /// What happens to the item next.
    package var consequence: Consequence { row.consequence }

    /// Whether three of these in a row on one item block it, although none is a strike: what spent tokens has to end.
    package var isBoundedStreak: Bool { row.isBoundedStreak }

    private struct Row {
        var isStrike: Bool
        var consequence: Consequence
        var isBoundedStreak = false
    }

    private var row: Row {
        switch self {
        case .landed, .alreadyDone: Row(isStrike: false, consequence: .done)
        case .incomplete, .checksFailed, .reviewRejected, .noChange, .protectedPath:
            Row(isStrike: true, consequence: .again)
        case .turnsExhausted, .contextOverflow, .budgetExhausted: Row(isStrike: true, consequence: .again)
        case .agentFailed, .timedOut, .stalled: Row(isStrike: true, consequence: .backoff)
        case .question: Row(isStrike: false, consequence: .awaitAnswer, isBoundedStreak: true)
        case .rateLimited: Row(isStrike: false, consequence: .agentSleeps)
        case .unavailable: Row(isStrike: false, consequence: .backoff)
        case .authFailed, .billing, .agentMissing: Row(isStrike: false, consequence: .agentSetAside)
        case .conflict: Row(isStrike: false, consequence: .again, isBoundedStreak: true)
        case .checkBroken: Row(isStrike: false, consequence: .hold)
        case .cancelled, .interrupted: Row(isStrike: false, consequence: .again)
        case .internalError: Row(isStrike: false, consequence: .backoff, isBoundedStreak: true)
        }
    }
}
