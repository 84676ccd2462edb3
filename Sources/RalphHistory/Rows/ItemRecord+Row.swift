internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

extension ItemRecord: StoredRow {
    static var table: String { "item" }

    static var columns: [String] {
        [
            "id", "key", "explicit_id", "title", "section", "line", "box_offset", "is_ticked", "criteria",
            "details", "attributes", "error", "position", "state", "reason", "wait_until", "strikes",
            "iterations",
            "backoffs", "same_failure", "unpaid", "block_kind", "block_message", "block_since",
        ] + KeptWork?.columnNames + [
            "last_try", "note", "answer_question", "answer", "landed_commit", "is_tick_owed", "created_at",
            "done_at",
        ]
    }

    var values: [(any DatabaseValueConvertible)?] {
        let criteria = item.criteria.isEmpty ? nil : item.criteria
        let attributes = item.attributes == ItemAttributes() ? nil : item.attributes
        var values: [(any DatabaseValueConvertible)?] = [
            id.rawValue, item.key, item.explicitID, item.title, NestedText.encode(item.section), item.line,
            item.boxOffset, item.isTicked, NestedText.encode(criteria), item.details,
            NestedText.encode(attributes), item.error, position, state.rawValue, reason,
            waitUntil?.milliseconds,
            strikes, iterations, backoffs, NestedText.encode(sameFailure), NestedText.encode(unpaid),
            block?.kind.rawValue, block?.message, block?.since.milliseconds,
        ]
        values += kept.columnValues
        values += [
            NestedText.encode(lastTry), note, answer?.question, answer?.answer, commit?.rawValue, isTickOwed,
            createdAt.milliseconds, doneAt?.milliseconds,
        ]
        return values
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
    }
}

extension Item {
    fileprivate init(_ row: inout RowReader) throws {
        let (key, explicitID, title) = (
            try row.next(String.self), try row.next(String?.self), try row.next(String.self)
        )
        self.init(key: key, explicitID: explicitID, title: title, line: 0)
        section = try row.nested() ?? []
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
