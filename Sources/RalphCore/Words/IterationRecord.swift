package import struct Foundation.Date

/// One fresh agent process for one item, with its checks and landing. One row of the history.
package struct IterationRecord: Equatable, Sendable {
    package var id: IterationID
    /// In the commit's `Ralph-Iteration:` trailer and in every process's environment mark.
    package var uuid: String
    package var item: ItemID
    /// 1 for the item's first iteration.
    package var ordinal: Int
    package var agent: String
    package var modelRequested: String?
    package var model: String?
    package var stage: Stage = .preparing
    /// Nil while it runs.
    package var outcome: Outcome?
    /// Whether it counted against the item.
    package var isStrike: Bool = false
    package var startedAt: Date
    package var endedAt: Date?
    package var exitCode: Int32?
    package var signal: Int32?
    package var sessionID: String?
    package var turns: Int?
    package var toolCalls: Int?
    package var tokens: TokenUsage?
    /// Of all its runs of an agent that tell.
    package var cost: Cost = .unknown
    /// Whether nobody knows what one of its runs cost in which a model was asked. Nil: no agent ran yet, or the row is an
    /// earlier version's, which tells it by its stage.
    package var isUnpriced: Bool?
    /// Put by before the agent started.
    package var reserved = Ceiling()
    /// Charged against the ceilings in place of figures that nobody knows.
    package var assumed = Ceiling()
    /// When the last of its agents' runs ended: the day that its cost counts on.
    package var chargedAt: Date?
    /// Reset instant that a limit stated.
    package var limitReset: Date?
    package var target: String
    package var base: ObjectID
    /// Tree of the judged changes.
    package var tree: ObjectID?
    package var candidate: ObjectID?
    /// Commit on the target, once landed.
    package var commit: ObjectID?
    package var kept: KeptWork?
    package var signature: String?
    /// One line that says what went wrong.
    package var error: String?
    /// The agent's own words: summary.md, else its final text, shortened.
    package var summary: String?
    /// Directory of transcript, prompt and check logs.
    package var logDirectory: String
    /// Process group of the agent while it runs, with its start time in clock ticks, for the next life of the daemon.
    package var processID: Int32?
    package var processStart: UInt64?

    package init(
        id: IterationID,
        uuid: String,
        item: ItemID,
        ordinal: Int,
        agent: AgentChoice,
        startedAt: Date,
        target: String,
        base: ObjectID,
        logDirectory: String
    ) {
        self.id = id
        self.uuid = uuid
        self.item = item
        self.ordinal = ordinal
        self.agent = agent.name
        self.modelRequested = agent.model
        self.startedAt = startedAt
        self.target = target
        self.base = base
        self.logDirectory = logDirectory
    }
}

/// The intent to land, written before the first byte of the landing (git-landing rule 3).
package struct LandingIntent: Equatable, Codable, Sendable {
    package enum Tick: String, Codable, Sendable {
        case inCommit = "in_commit"
        case beside
    }

    package var iteration: IterationID
    package var uuid: String
    /// Full ref name.
    package var target: String
    package var expectedTip: ObjectID
    package var candidate: ObjectID
    package var tick: Tick
    /// Where the target is checked out; nil when nowhere.
    package var worktree: String?
    /// The git directory of that checkout (a linked worktree has its own); nil when checked out nowhere.
    package var gitDirectory: String?
    /// The PRD's real path in the tree, as bytes; nil when it is not tracked there.
    package var prdPath: [UInt8]?
    /// Every path that differs, as it was before; a missing parent directory ends in a slash.
    package var paths: [PathStamp]

    package init(
        iteration: IterationID,
        uuid: String,
        target: String,
        expectedTip: ObjectID,
        candidate: ObjectID,
        tick: Tick,
        worktree: String?,
        gitDirectory: String? = nil,
        prdPath: [UInt8]? = nil,
        paths: [PathStamp]
    ) {
        self.iteration = iteration
        self.uuid = uuid
        self.target = target
        self.expectedTip = expectedTip
        self.candidate = candidate
        self.tick = tick
        self.worktree = worktree
        self.gitDirectory = gitDirectory
        self.prdPath = prdPath
        self.paths = paths
    }
}

/// A path's lstat before a landing; all nil but the path when it was absent.
package struct PathStamp: Equatable, Codable, Sendable {
    /// Bytes of the path; git's paths need not be UTF-8.
    package var path: [UInt8]
    package var inode: UInt64?
    package var changeTimeNanoseconds: Int64?
    package var size: Int64?

    package init(path: [UInt8], inode: UInt64? = nil, changeTimeNanoseconds: Int64? = nil, size: Int64? = nil)
    {
        self.path = path
        self.inode = inode
        self.changeTimeNanoseconds = changeTimeNanoseconds
        self.size = size
    }
}
