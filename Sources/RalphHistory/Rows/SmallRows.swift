internal import GRDB
internal import RalphCore

extension QuestionRecord: StoredRow {
    static let shape = RowShape(
        table: "question",
        columns: ["id", "item", "iteration", "state", "question", "answer", "asked_at", "ended_at"]
    )

    func write(to row: inout RowWriter) {
        row.add(id)
        row.add(item)
        row.add(iteration)
        row.add(state)
        row.add(question)
        row.add(answer)
        row.add(askedAt)
        row.add(endedAt)
    }

    init(_ row: inout RowReader) throws {
        self.init(
            id: QuestionID(try row.next()),
            item: ItemID(try row.next()),
            iteration: IterationID(try row.next()),
            state: try row.word(),
            question: try row.next(),
            answer: try row.next(),
            askedAt: try row.date(),
            endedAt: try row.optionalDate()
        )
    }
}

extension LearningRecord: StoredRow {
    static let shape = RowShape(table: "learning", columns: ["id", "item", "iteration", "text", "at"])

    func write(to row: inout RowWriter) {
        row.add(nil as Int64?)
        row.add(item)
        row.add(iteration)
        row.add(text)
        row.add(at)
    }

    init(_ row: inout RowReader) throws {
        _ = try row.next(Int64.self)
        self.init(
            item: ItemID(try row.next()),
            iteration: IterationID(try row.next()),
            text: try row.next(),
            at: try row.date()
        )
    }
}

extension EventRecord: StoredRow {
    static let shape = RowShape(
        table: "event",
        columns: ["id", "at", "kind", "item", "iteration", "details"]
    )

    func write(to row: inout RowWriter) {
        row.add(id)
        row.add(at)
        row.add(kind)
        row.add(item)
        row.add(iteration)
        row.nest(details)
    }

    init(_ row: inout RowReader) throws {
        self.init(
            id: EventID(try row.next()),
            at: try row.date(),
            kind: try row.word(),
            item: try row.next(Int64?.self).map { ItemID($0) },
            iteration: try row.next(Int64?.self).map { IterationID($0) },
            details: try row.nested() ?? [:]
        )
    }
}
