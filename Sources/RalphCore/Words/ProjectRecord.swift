package import struct Foundation.Date

/// The project's own row: what it is, what it is doing, and why.
package struct ProjectRecord: Equatable, Sendable {
    package var name: String
    /// The work tree, or the git directory of a bare repository.
    package var repository: String
    package var prdPath: String
    /// Full ref name, fixed at the first start.
    package var target: String?
    package var targetTip: ObjectID?
    package var state: ProjectState = .stopped
    package var reason: String?
    package var until: Date?
    package var isPaused: Bool = false
    package var hold: Hold?
    /// What is wrong with the PRD as it is now; the last good version stays in force meanwhile.
    package var prdProblems: [Diagnostic] = []
    package var prdReadAt: Date?
    /// "test: `make test` (inferred from Makefile)", as `status` shows it.
    package var checksNote: String?
    /// Nil while no daemon runs.
    package var daemonPID: Int32?
    package var startedAt: Date?

    package init(name: String, repository: String, prdPath: String) {
        self.name = name
        self.repository = repository
        self.prdPath = prdPath
    }
}

/// Why the project claims nothing, and when it looks again.
package struct Hold: Equatable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case checkBroken = "check_broken"
        case noChecks = "no_checks"
        case baseRed = "base_red"
        case environment
        /// The project's total budget is used up.
        case budget
        case repository
        case storage
    }

    package var kind: Kind
    /// What is wrong and what to do.
    package var message: String
    package var since: Date
    /// Probes so far.
    package var tries: Int
    package var nextProbe: Date

    package init(kind: Kind, message: String, since: Date, tries: Int = 0, nextProbe: Date) {
        self.kind = kind
        self.message = message
        self.since = since
        self.tries = tries
        self.nextProbe = nextProbe
    }
}

/// Whether an agent (`claude`), or one model of it (`claude:opus`), can take items.
package struct AgentRecord: Equatable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case ready
        /// A usage limit; ends at `until`.
        case asleep
        /// An outage; ends at `until`.
        case backingOff = "backing_off"
        /// Needs a person, or a change that a probe sees.
        case setAside = "set_aside"
    }

    package var name: String
    package var state: State
    package var until: Date?
    package var message: String?
    /// Refusals in a row, for the exponent.
    package var refusals: Int

    package init(
        name: String,
        state: State = .ready,
        until: Date? = nil,
        message: String? = nil,
        refusals: Int = 0
    ) {
        self.name = name
        self.state = state
        self.until = until
        self.message = message
        self.refusals = refusals
    }
}
