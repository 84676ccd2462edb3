internal import GRDB
package import RalphCore

/// Project, items and agents.
extension SQLiteHistory {
    package func saveProject(_ project: ProjectRecord) throws(Failure) { try save(project: project) }

    /// Writes known items back. Throws `notFound` for an id that the history never gave.
    package func saveItems(_ items: [ItemRecord]) throws(Failure) { try save(items: items) }

    /// Writes where known items stand in the PRD, and nothing else of them.
    package func placeItems(_ items: some Sequence<ItemRecord>) throws(Failure) {
        try perform { try $0.place(items: items) }
    }

    package func saveAgents(_ agents: [AgentRecord]) throws(Failure) { try save(agents: agents) }

    /// Writes what changed together, together.
    package func save(
        items: [ItemRecord] = [],
        agents: [AgentRecord] = [],
        project: ProjectRecord? = nil
    ) throws(Failure) {
        try perform { deed in
            try deed.save(items: items)
            try deed.save(agents: agents)
            if let project { try deed.save(project: project) }
        }
    }

    /// Writes new items, whose ids are ignored, and returns them with the ids that they got.
    package func insertItems(_ items: [ItemRecord]) throws(Failure) -> [ItemRecord] {
        try perform { try $0.insert(items: items) }
    }

    /// Writes what one reading of the PRD came to; returns the new items with their ids.
    package func saveReading(
        project: ProjectRecord,
        changed: [ItemRecord],
        new: [ItemRecord]
    ) throws(Failure) -> [ItemRecord] {
        try perform { deed in
            try deed.save(items: changed)
            let inserted = try deed.insert(items: new)
            try deed.save(project: project)
            return inserted
        }
    }

    /// Records something that a person should be able to look up later.
    package func note(_ message: String, item: ItemID? = nil, iteration: IterationID? = nil) throws(Failure) {
        try perform { try $0.tell(.note, item: item, iteration: iteration, ["message": message]) }
    }
}

/// Iterations, from begin to end.
extension SQLiteHistory {
    /// Begins an iteration: its row, its ordinal, and the state of its item (whose `iterations` becomes the ordinal) and project.
    package func begin(
        _ start: IterationStart,
        items: [ItemRecord] = [],
        project: ProjectRecord? = nil
    ) throws(Failure) -> IterationRecord {
        try perform { deed in
            try deed.save(items: items)
            if let project { try deed.save(project: project) }
            return try deed.begin(start)
        }
    }

    /// Writes an iteration's row as it is now, before the stage that it names begins.
    package func save(iteration: IterationRecord) throws(Failure) {
        try perform { try $0.save(iteration: iteration) }
    }

    /// Adds what checks said, and the receipts that follow from it.
    package func add(
        checks: [CheckResult],
        for iteration: IterationID,
        subject: CheckSubject,
        receipts: [Receipt] = []
    ) throws(Failure) {
        try perform { deed in
            try deed.add(checks: checks, for: iteration, subject: subject)
            try deed.save(receipts: receipts)
        }
    }

    /// Ends an iteration in one transaction: its row, its items and agents, its open landing, its question; the sums of
    /// the spend follow. Returns the question with its number.
    @discardableResult
    package func finish(_ end: IterationEnd) throws(Failure) -> QuestionRecord? {
        try perform { try $0.finish(end) }
    }
}

/// Landings and receipts.
extension SQLiteHistory {
    /// Writes the intent, before the first byte of the landing. Throws `conflict` while another one is open on the target.
    package func openLanding(_ intent: LandingIntent) throws(Failure) {
        try perform { try $0.open(landing: intent) }
    }

    /// The same, with the iteration's row as it enters the landing.
    package func openLanding(_ intent: LandingIntent, of iteration: IterationRecord) throws(Failure) {
        try perform { deed in
            try deed.save(iteration: iteration)
            try deed.open(landing: intent)
        }
    }

    /// Ends an intent whose iteration goes on, such as one that has to be rebuilt on a new tip. ``finish(_:)`` does it otherwise.
    package func closeLanding(of iteration: IterationID, commit: ObjectID? = nil) throws(Failure) {
        try perform { try $0.closeLanding(of: iteration, commit: commit) }
    }

    /// Remembers what the checks said of a tree, so that the same checks need not run on it again.
    package func saveReceipt(tree: ObjectID, checksHash: String, results: [CheckResult]) throws(Failure) {
        try save(receipts: [Receipt(tree: tree, checksHash: checksHash, results: results)])
    }

    package func save(receipts: [Receipt]) throws(Failure) {
        try perform { try $0.save(receipts: receipts) }
    }
}

/// Questions.
extension SQLiteHistory {
    /// Records the author's answer with what it changes. Throws `notFound`, or `conflict` for a question that is no longer open.
    @discardableResult
    package func answer(
        _ question: QuestionID,
        _ text: String,
        items: [ItemRecord] = []
    ) throws(Failure) -> QuestionRecord {
        try perform { deed in
            let question = try deed.answer(question, text)
            try deed.save(items: items)
            return question
        }
    }

    /// Closes the item's open question: nobody has to answer it any more.
    package func closeQuestions(of item: ItemID) throws(Failure) {
        try perform { try $0.closeQuestions(of: item) }
    }
}
