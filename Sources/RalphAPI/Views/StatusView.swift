package import RalphCore

package import struct Foundation.Date

/// What the project is doing, why, and what it needs: the answer to `ralphctl status`.
package struct StatusView: Codable, Equatable, Sendable {
    package var project: String
    package var repository: String
    package var state: ProjectState
    @OrNull package var until: Date?
    @OrNull package var reason: String?
    /// Short name of the branch that moves.
    @OrNull package var target: String?
    @OrNull package var tip: String?
    /// Nil when no daemon runs.
    @OrNull package var pid: Int32?
    @OrNull package var startedAt: Date?
    package var isPaused: Bool
    @OrNull package var hold: HoldView?
    /// How many items are in each state; every state is there.
    package var items: [String: Int]
    package var running: [RunningView]
    /// The first items that will run, in order.
    package var next: [NextView]
    package var since: SinceView
    package var needsYou: [NeedView]
    package var agents: [AgentView]
    package var spend: SpendView
    /// "test: `make test` (inferred from Makefile)".
    @OrNull package var checks: String?
    /// How the project's checks stand on the target's tip; empty while nobody has asked them there.
    package var baseChecks: [CheckView]
    package var prd: PRDView
    /// "namespace: bubblewrap works (/usr/bin/bwrap)": what ends the processes of an iteration. Nil when no daemon runs.
    @OrNull package var containment: String?

    package init(project: String, repository: String, state: ProjectState, prd: PRDView, since: SinceView) {
        self.project = project
        self.repository = repository
        self.state = state
        self.isPaused = false
        self.items = Dictionary(uniqueKeysWithValues: ItemState.allCases.map { ($0.rawValue, 0) })
        self.running = []
        self.next = []
        self.since = since
        self.needsYou = []
        self.agents = []
        self.spend = SpendView(todayUSD: 0, totalUSD: 0, unknownIterations: 0)
        self.baseChecks = []
        self.prd = prd
    }

    /// Shows a hold that the history does not know of.
    package mutating func show(_ hold: Hold, until: Date?) {
        state = .held
        reason = hold.message
        self.until = until
        self.hold = HoldView(hold)
        running = []
        needsYou.insert(
            NeedView(kind: .hold, message: hold.message, since: hold.since, action: "ralphctl resume"),
            at: 0
        )
    }

    package func count(_ state: ItemState) -> Int { items[state.rawValue] ?? 0 }

    private enum CodingKeys: String, CodingKey {
        case project, repository, state, until, reason, target, tip, pid, hold, items, running, next, since,
            agents, spend
        case checks, prd, containment
        case startedAt = "started_at"
        case baseChecks = "base_checks"
        case isPaused = "paused"
        case needsYou = "needs_you"
    }
}

/// Why the project claims nothing, and when it looks again.
package struct HoldView: Codable, Equatable, Sendable {
    package var kind: Hold.Kind
    package var message: String
    package var since: Date
    package var tries: Int
    package var nextProbe: Date

    package init(_ hold: Hold) {
        kind = hold.kind
        message = hold.message
        since = hold.since
        tries = hold.tries
        nextProbe = hold.nextProbe
    }

    private enum CodingKeys: String, CodingKey {
        case kind, message, since, tries
        case nextProbe = "next_probe"
    }
}

/// An iteration that runs now.
package struct RunningView: Codable, Equatable, Sendable {
    package var item: ItemID
    package var key: String
    package var title: String
    package var iteration: IterationID
    package var ordinal: Int
    package var strikes: Int
    package var maxStrikes: Int
    package var stage: Stage
    package var agent: String
    @OrNull package var model: String?
    package var startedAt: Date
    @OrNull package var lastOutputAt: Date?
    /// How long the agent ran; null while it does.
    @OrNull package var agentMS: Int64?
    /// Of the stage: those that are over, and the one that runs.
    package var checks: [CheckProgressView]

    package init(
        item: ItemView,
        iteration: IterationID,
        ordinal: Int,
        stage: Stage,
        agent: String,
        model: String?,
        startedAt: Date,
        lastOutputAt: Date?
    ) {
        self.item = item.id
        self.key = item.key
        self.title = item.title
        self.iteration = iteration
        self.ordinal = ordinal
        self.strikes = item.strikes
        self.maxStrikes = item.maxStrikes
        self.stage = stage
        self.agent = agent
        self.startedAt = startedAt
        self.checks = []
        self.model = model
        self.lastOutputAt = lastOutputAt
    }

    private enum CodingKeys: String, CodingKey {
        case item, key, title, iteration, ordinal, strikes, stage, agent, model, checks
        case agentMS = "agent_ms"
        case maxStrikes = "max_strikes"
        case startedAt = "started_at"
        case lastOutputAt = "last_output_at"
    }
}

/// A check of the running iteration.
package struct CheckProgressView: Codable, Equatable, Sendable {
    package var name: String
    /// Null while it runs.
    @OrNull package var verdict: CheckVerdict?
    @OrNull package var startedAt: Date?
    /// How long it took the last time.
    @OrNull package var usualMS: Int64?

    package init(name: String, verdict: CheckVerdict? = nil, startedAt: Date? = nil, usualMS: Int64? = nil) {
        self.name = name
        self.verdict = verdict
        self.startedAt = startedAt
        self.usualMS = usualMS
    }

    private enum CodingKeys: String, CodingKey {
        case name, verdict
        case startedAt = "started_at"
        case usualMS = "usual_ms"
    }
}

/// An item that is about to run.
package struct NextView: Codable, Equatable, Sendable {
    package var item: ItemID
    package var key: String
    package var title: String

    package init(item: ItemID, key: String, title: String) {
        self.item = item
        self.key = key
        self.title = title
    }
}

/// What happened since the evening: the last 22:00 of the host's clock.
package struct SinceView: Codable, Equatable, Sendable {
    package struct Landing: Codable, Equatable, Sendable {
        package var item: ItemID
        package var key: String
        @OrNull package var commit: String?
        package var at: Date
        /// What went wrong after it, in the host's `after-landing:`.
        @OrNull package var error: String?

        package init(item: ItemID, key: String, commit: String?, at: Date, error: String? = nil) {
            self.item = item
            self.key = key
            self.at = at
            self.commit = commit
            self.error = error
        }
    }

    package var at: Date
    package var landed: Int
    package var iterations: Int
    @OrNull package var last: Landing?
    /// How long at least one agent slept on a usage limit.
    package var sleptMS: Int64

    package init(at: Date, landed: Int, iterations: Int, last: Landing?, sleptMS: Int64 = 0) {
        self.at = at
        self.landed = landed
        self.iterations = iterations
        self.last = last
        self.sleptMS = sleptMS
    }

    private enum CodingKeys: String, CodingKey {
        case at, landed, iterations, last
        case sleptMS = "slept_ms"
    }
}

/// Something that only a person can do.
package struct NeedView: Codable, Equatable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case question, blocked, confirm, hold, agent
        case inTheWay = "in_the_way"
        case prd
    }

    package var kind: Kind
    @OrNull package var item: ItemID?
    @OrNull package var key: String?
    @OrNull package var title: String?
    /// The item's line in the PRD.
    @OrNull package var line: Int?
    /// Number of the question that is asked.
    @OrNull package var question: QuestionID?
    package var message: String
    @OrNull package var since: Date?
    /// The very command, or the edit, that ends the need.
    package var action: String

    package init(
        kind: Kind,
        item: ItemID? = nil,
        key: String? = nil,
        title: String? = nil,
        line: Int? = nil,
        question: QuestionID? = nil,
        message: String,
        since: Date?,
        action: String
    ) {
        self.kind = kind
        self.message = message
        self.action = action
        self.item = item
        self.key = key
        self.title = title
        self.line = line
        self.question = question
        self.since = since
    }

    private enum CodingKeys: String, CodingKey {
        case kind, item, key, title, line, question, message, since
        case action = "do"
    }
}

/// The PRD as it is in force.
package struct PRDView: Codable, Equatable, Sendable {
    package var path: String
    package var problems: [Diagnostic]
    @OrNull package var readAt: Date?

    package init(path: String, problems: [Diagnostic] = [], readAt: Date? = nil) {
        self.path = path
        self.problems = problems
        self.readAt = readAt
    }

    private enum CodingKeys: String, CodingKey {
        case path, problems
        case readAt = "read_at"
    }
}
