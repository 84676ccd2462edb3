internal import GRDB
internal import RalphCore

extension QuestionRecord: StoredRow {
    static var table: String { "question" }

    static var columns: [String] {
        ["id", "item", "iteration", "state", "question", "answer", "asked_at", "ended_at"]
    }

    var values: [(any DatabaseValueConvertible)?] {
        [
            id.rawValue, item.rawValue, iteration.rawValue, state.rawValue, question, answer,
            askedAt.milliseconds,
            endedAt?.milliseconds,
        ]
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
    static var table: String { "learning" }
    static var columns: [String] { ["id", "item", "iteration", "text", "at"] }

    var values: [(any DatabaseValueConvertible)?] {
        [nil, item.rawValue, iteration.rawValue, text, at.milliseconds]
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
    static var table: String { "event" }
    static var columns: [String] { ["id", "at", "kind", "item", "iteration", "details"] }

    var values: [(any DatabaseValueConvertible)?] {
        [
            id.rawValue, at.milliseconds, kind.rawValue, item?.rawValue, iteration?.rawValue,
            NestedText.encode(details),
        ]
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
