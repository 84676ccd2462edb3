package import RalphCore

package import struct Foundation.Date

/// An item, as lists show it.
package struct ItemView: Codable, Equatable, Sendable {
    package var id: ItemID
    package var key: String
    package var title: String
    /// Heading path, outermost first.
    package var section: [String]
    package var line: Int
    package var state: ItemState
    /// Why it is not done; nil only when it is.
    @OrNull package var reason: String?
    package var strikes: Int
    package var maxStrikes: Int
    package var iterations: Int
    /// The commit that finished it.
    @OrNull package var commit: String?

    package init(
        id: ItemID,
        key: String,
        title: String,
        section: [String] = [],
        line: Int,
        state: ItemState,
        reason: String? = nil,
        strikes: Int = 0,
        maxStrikes: Int,
        iterations: Int = 0,
        commit: String? = nil
    ) {
        self.id = id
        self.key = key
        self.title = title
        self.section = section
        self.line = line
        self.state = state
        self.strikes = strikes
        self.maxStrikes = maxStrikes
        self.iterations = iterations
        self.reason = reason
        self.commit = commit
    }

    private enum CodingKeys: String, CodingKey {
        case id, key, title, section, line, state, reason, strikes, iterations, commit
        case maxStrikes = "max_strikes"
    }
}

/// An item with all that is known of it: the answer to `ralphctl show`.
package typealias ItemDetailView = Joined<ItemView, ItemParticulars>

/// What an item's own page shows beside the line of the list.
package struct ItemParticulars: Codable, Equatable, Sendable {
    package var details: String
    package var criteria: [CriterionView]
    package var after: [String]
    package var priority: Int
    /// `claude` or `claude:opus`, if the item asks for one.
    @OrNull package var agent: String?
    @OrNull package var model: String?
    /// Commands added to the project's checks.
    package var checks: [String]
    @OrNull package var waitUntil: Date?
    @OrNull package var block: BlockView?
    @OrNull package var kept: KeptView?
    @OrNull package var lastTry: LastTryView?
    /// The author's note for the next iteration.
    @OrNull package var note: String?
    @OrNull package var answer: Answer?
    /// The command by which a person brings it on; nil when none has to.
    @OrNull package var action: String?
    package var createdAt: Date
    @OrNull package var doneAt: Date?
    /// The last iterations, newest first.
    package var history: [IterationView]

    package init(_ record: ItemRecord, history: [IterationView], action: String? = nil) {
        details = record.item.details
        criteria = record.item.criteria.map(CriterionView.init)
        after = record.item.attributes.after
        priority = record.item.attributes.priority
        checks = record.item.attributes.checks
        createdAt = record.createdAt
        self.history = history
        agent = record.item.attributes.agent?.description
        model = record.item.attributes.model
        waitUntil = record.waitUntil
        block = record.block.map(BlockView.init)
        kept = record.kept.map(KeptView.init)
        lastTry = record.lastTry.map(LastTryView.init)
        note = record.note
        answer = record.answer
        self.action = action
        doneAt = record.doneAt
    }

    private enum CodingKeys: String, CodingKey {
        case details, criteria, after, priority, agent, model, checks, block, kept, note, answer, history
        case action = "do"
        case waitUntil = "wait_until"
        case lastTry = "last_try"
        case createdAt = "created_at"
        case doneAt = "done_at"
    }
}

/// A criterion of an item.
package struct CriterionView: Codable, Equatable, Sendable {
    package var line: Int
    package var checked: Bool
    package var text: String

    package init(_ criterion: Criterion) {
        line = criterion.line
        checked = criterion.isTicked
        text = criterion.text
    }
}

/// Why an item needs a person.
package struct BlockView: Codable, Equatable, Sendable {
    package var kind: Block.Kind
    package var message: String
    package var since: Date

    package init(_ block: Block) {
        kind = block.kind
        message = block.message
        since = block.since
    }
}

/// Work that did not land, but is kept.
package struct KeptView: Codable, Equatable, Sendable {
    package var commit: String
    package var base: String
    package var filesChanged: Int
    package var insertions: Int
    package var deletions: Int

    package init(_ kept: KeptWork) {
        commit = kept.commit.rawValue
        base = kept.base.rawValue
        filesChanged = kept.filesChanged
        insertions = kept.insertions
        deletions = kept.deletions
    }

    private enum CodingKeys: String, CodingKey {
        case commit, base, insertions, deletions
        case filesChanged = "files_changed"
    }
}

/// How the last iteration of an item ended.
package struct LastTryView: Codable, Equatable, Sendable {
    package var outcome: Outcome
    @OrNull package var detail: String?
    package var checks: [CheckView]
    package var failingOnBase: [String]
    package var repeats: Int

    package init(_ lastTry: LastTry) {
        outcome = lastTry.outcome
        checks = lastTry.checks.map(CheckView.init)
        failingOnBase = lastTry.failingOnBase
        repeats = lastTry.repeats
        detail = lastTry.detail
    }

    private enum CodingKeys: String, CodingKey {
        case outcome, detail, checks, repeats
        case failingOnBase = "failing_on_base"
    }
}
