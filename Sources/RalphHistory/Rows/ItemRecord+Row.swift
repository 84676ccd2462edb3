internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

extension ItemRecord: StoredRow {
    static let shape = RowShape(
        table: "item",
        columns: [
            "id", "key", "explicit_id", "title", "section", "line", "box_offset", "is_ticked", "criteria",
            "details", "attributes", "error", "position", "state", "reason", "wait_until", "strikes",
            "iterations",
            "backoffs", "same_failure", "unpaid", "block_kind", "block_message", "block_since",
        ] + KeptWork.columns + [
            "last_try", "note", "answer_question", "answer", "landed_commit", "is_tick_owed", "created_at",
            "done_at", "spent_usd", "spent_tokens", "is_out_of_budget", "block_agent",
            "forgiven_usd", "forgiven_tokens",
        ]
    )

    func write(to row: inout RowWriter) {
        row.add(id)
        item.write(to: &row)
        row.add(position)
        row.add(state)
        row.add(reason)
        row.add(waitUntil)
        row.add(strikes)
        row.add(iterations)
        row.add(backoffs)
        row.nest(sameFailure)
        row.nest(unpaid)
        row.add(block?.kind)
        row.add(block?.message)
        row.add(block?.since)
        row.add(kept)
        row.nest(lastTry)
        row.add(note)
        row.add(answer?.question)
        row.add(answer?.answer)
        row.add(commit)
        row.add(isTickOwed)
        row.add(createdAt)
        row.add(doneAt)
        row.add(spent.usd)
        row.add(spent.tokens)
        row.add(isOutOfBudget)
        row.add(block?.agent)
        row.add(forgiven.usd)
        row.add(forgiven.tokens)
    }

    init(_ row: inout RowReader) throws {
        let id = ItemID(try row.next())
        let item = try Item(&row)
        let position: Int = try row.next()
        self.init(id: id, item: item, position: position, createdAt: Date(milliseconds: 0))
        state = try row.word()
        reason = try row.next()
        waitUntil = try row.optionalDate()
        (strikes, iterations, backoffs) = (try row.next(), try row.next(), try row.next())
        sameFailure = try row.nested()
        unpaid = try row.nested()
        block = try Block?(&row)
        kept = try row.keptWork()
        lastTry = try row.nested()
        note = try row.next()
        let (question, answer) = (try row.next(String?.self), try row.next(String?.self))
        if let question, let answer { self.answer = Answer(question: question, answer: answer) }
        commit = try row.optionalObjectID()
        isTickOwed = try row.next()
        createdAt = try row.date()
        doneAt = try row.optionalDate()
        spent = Outlay(usd: try row.next(), tokens: try row.next())
        isOutOfBudget = try row.next()
        let agent: String? = try row.next()
        block?.agent = agent
        forgiven = Outlay(usd: try row.next(), tokens: try row.next())
    }
}

extension Item {
    /// Line, box offset, criteria.
    func writePlace(to row: inout RowWriter) {
        row.add(line)
        row.add(boxOffset)
        row.nest(criteria.isEmpty ? nil : criteria)
    }

    fileprivate func write(to row: inout RowWriter) {
        row.add(key)
        row.add(explicitID)
        row.add(title)
        row.add(section)
        row.add(line)
        row.add(boxOffset)
        row.add(isTicked)
        row.nest(criteria.isEmpty ? nil : criteria)
        row.add(details)
        row.nest(attributes == ItemAttributes() ? nil : attributes)
        row.add(error)
    }

    fileprivate init(_ row: inout RowReader) throws {
        let (key, explicitID, title) = (
            try row.next(String.self), try row.next(String?.self), try row.next(String.self)
        )
        self.init(key: key, explicitID: explicitID, title: title, line: 0)
        section = try row.strings()
        line = try row.next()
        boxOffset = try row.next()
        isTicked = try row.next()
        criteria = try row.nested() ?? []
        details = try row.next()
        attributes = try row.nested() ?? ItemAttributes()
        error = try row.next()
    }
}

extension Block? {
    fileprivate init(_ row: inout RowReader) throws {
        let kind = try row.optionalWord(Block.Kind.self)
        let message = try row.next(String?.self)
        let since = try row.optionalDate()
        guard let kind, let message, let since else {
            self = nil
            return
        }
        self = Block(kind: kind, message: message, since: since)
    }
}
