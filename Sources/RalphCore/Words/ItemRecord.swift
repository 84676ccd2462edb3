package import struct Foundation.Date

/// All that is known of an item: what the PRD says of it, and what has happened to it. One row of the history.
package struct ItemRecord: Equatable, Sendable {
    package var id: ItemID
    /// As last read. Kept when the item is withdrawn, so that its text can come back.
    @CopyOnWrite package var item: Item
    /// Place in document order.
    package var position: Int
    package var state: ItemState = .open
    /// Why the item is not done, in words; never nil for an item that waits, is blocked or may not run.
    package var reason: String?
    /// When a wait ends by itself.
    package var waitUntil: Date?
    package var strikes: Int = 0
    /// Iterations begun, ever.
    package var iterations: Int = 0
    /// Backoffs in a row, for the exponent.
    package var backoffs: Int = 0
    package var sameFailure: FailureStreak?
    package var unpaid: UnpaidStreak?
    package var block: Block?
    package var kept: KeptWork?
    package var lastTry: LastTry?
    /// `retry --note`.
    package var note: String?
    /// The author's answer to the item's last question, with the question.
    package var answer: Answer?
    /// The commit on the target that finished the item.
    package var commit: ObjectID?
    /// Landed, but the box beside is not ticked yet.
    package var isTickOwed: Bool = false
    package var createdAt: Date
    package var doneAt: Date?
    /// What its iterations were charged with since it was last given fresh strikes.
    package var spent = Outlay()
    /// What the iteration that waits has cost and does not count against the item any more.
    package var forgiven = Outlay()
    /// Blocked because its budget leaves no room for another iteration; ends when the budget is raised.
    package var isOutOfBudget: Bool = false

    package init(id: ItemID, item: Item, position: Int, createdAt: Date) {
        self.id = id
        _item = CopyOnWrite(wrappedValue: item)
        self.position = position
        self.createdAt = createdAt
    }
}

/// How often in a row the same failure was seen with the same model.
package struct FailureStreak: Equatable, Codable, Sendable {
    package var signature: String
    package var model: String?
    package var count: Int

    package init(signature: String, model: String?, count: Int) {
        self.signature = signature
        self.model = model
        self.count = count
    }
}

/// Outcomes in a row that are no strike but cost tokens.
package struct UnpaidStreak: Equatable, Codable, Sendable {
    package var outcome: Outcome
    package var count: Int
    /// With `interrupted`: in which stage the daemon died each time.
    package var stage: Stage?

    package init(outcome: Outcome, count: Int, stage: Stage? = nil) {
        self.outcome = outcome
        self.count = count
        self.stage = stage
    }
}

/// Why a person is needed for an item.
package struct Block: Equatable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case blocked, confirm, question, skipped, undone
        /// A green candidate waits for somebody's files to get out of its way, or for a reviewer.
        case inTheWay = "in_the_way"
    }

    package var kind: Kind
    package var message: String
    package var since: Date
    /// The agent that has to be seen to, where it is one: a reviewer.
    package var agent: String?

    package init(kind: Kind, message: String, since: Date, agent: String? = nil) {
        self.kind = kind
        self.message = message
        self.since = since
        self.agent = agent
    }
}

/// Work in progress, kept as a commit in the store.
package struct KeptWork: Equatable, Codable, Sendable {
    package var commit: ObjectID
    /// The commit of the target that the work was built on.
    package var base: ObjectID
    package var filesChanged: Int
    package var insertions: Int
    package var deletions: Int

    package init(commit: ObjectID, base: ObjectID, filesChanged: Int, insertions: Int, deletions: Int) {
        self.commit = commit
        self.base = base
        self.filesChanged = filesChanged
        self.insertions = insertions
        self.deletions = deletions
    }
}

/// An author's answer.
package struct Answer: Equatable, Codable, Sendable {
    package var question: String
    package var answer: String

    package init(question: String, answer: String) {
        self.question = question
        self.answer = answer
    }
}
