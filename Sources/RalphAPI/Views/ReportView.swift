package import RalphCore

package import struct Foundation.Date

/// What happened since an instant, for who was away: the answer to `ralphctl report`.
package struct ReportView: Codable, Equatable, Sendable {
    package var project: String
    package var state: ProjectState
    @OrNull package var until: Date?
    @OrNull package var reason: String?
    package var since: Date
    /// When this was put together.
    package var at: Date
    /// Oldest first; at most `ReportView.longest`, the newest.
    package var landed: [LandedView]
    /// How many landed in all.
    package var landedCount: Int
    /// What only a person can get going again, except questions.
    package var stuck: [NeedView]
    /// Asked since then, or still open, oldest first.
    package var asked: [QuestionView]
    /// When agents could not be used, oldest first.
    package var slept: [SleptView]
    /// Time in which at least one agent slept.
    package var sleptMS: Int64
    /// Ended iterations.
    package var iterations: Int
    package var strikes: Int
    /// Iterations by outcome; every outcome is there.
    package var outcomes: [String: Int]
    package var spent: SpentView

    package static let longest = 500

    package init(project: String, state: ProjectState, since: Date, at: Date, spent: SpentView) {
        self.project = project
        self.state = state
        self.since = since
        self.at = at
        landed = []
        landedCount = 0
        stuck = []
        asked = []
        slept = []
        sleptMS = 0
        iterations = 0
        strikes = 0
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, 0) })
        self.spent = spent
    }

    private enum CodingKeys: String, CodingKey {
        case project, state, until, reason, since, at, landed, stuck, asked, slept, iterations, strikes,
            outcomes, spent
        case landedCount = "landed_count"
        case sleptMS = "slept_ms"
    }
}

/// An item that landed.
package struct LandedView: Codable, Equatable, Sendable {
    package var item: ItemID
    package var key: String
    package var title: String
    @OrNull package var commit: String?
    package var at: Date
    /// Iterations that it took, since the item landed before, if it did.
    package var iterations: Int
    /// Taken back since.
    package var isUndone: Bool
    /// What went wrong after it, in the host's `after-landing:`.
    @OrNull package var error: String?

    package init(
        item: ItemRecord,
        commit: String?,
        at: Date,
        iterations: Int,
        isUndone: Bool = false,
        error: String? = nil
    ) {
        self.item = item.id
        key = item.item.key
        title = item.item.title
        self.at = at
        self.iterations = iterations
        self.isUndone = isUndone
        self.commit = commit
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case item, key, title, commit, at, iterations, error
        case isUndone = "undone"
    }
}

/// A time in which an agent, or one model of it, took no items.
package struct SleptView: Codable, Equatable, Sendable {
    package var agent: String
    /// `asleep`, `backing_off` or `set_aside`.
    package var state: AgentRecord.State
    package var from: Date
    /// Null: still.
    @OrNull package var until: Date?

    package init(agent: String, state: AgentRecord.State, from: Date, until: Date?) {
        self.agent = agent
        self.state = state
        self.from = from
        self.until = until
    }
}

/// What was spent in a stretch of time, as far as it is known.
package struct SpentView: Codable, Equatable, Sendable {
    package var usd: Double
    /// The part of it that a plan pays: a figure at list price.
    package var planUSD: Double
    /// Iterations whose cost nobody knows; they are not in the sum.
    package var unknownIterations: Int
    package var tokens: TokensView

    package init(usd: Double, planUSD: Double, unknownIterations: Int, tokens: TokensView) {
        self.usd = usd
        self.planUSD = planUSD
        self.unknownIterations = unknownIterations
        self.tokens = tokens
    }

    private enum CodingKeys: String, CodingKey {
        case usd, tokens
        case planUSD = "plan_usd"
        case unknownIterations = "unknown_iterations"
    }
}
