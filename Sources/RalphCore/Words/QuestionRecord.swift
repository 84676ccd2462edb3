package import struct Foundation.Date

/// The number of a question, as `ralphctl answer N` takes it.
package struct QuestionID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
{
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: QuestionID, b: QuestionID) -> Bool { a.rawValue < b.rawValue }
}

/// What an agent asked the author. One row of the history.
package struct QuestionRecord: Equatable, Sendable {
    package enum State: String, CaseIterable, Codable, Sendable {
        case open, answered
        /// Nobody has to answer any more: the item is done, withdrawn or was asked about anew.
        case closed
    }

    package var id: QuestionID
    package var item: ItemID
    package var iteration: IterationID
    package var state: State
    package var question: String
    package var answer: String?
    package var askedAt: Date
    /// When it was answered or closed.
    package var endedAt: Date?

    package init(
        id: QuestionID,
        item: ItemID,
        iteration: IterationID,
        state: State = .open,
        question: String,
        answer: String? = nil,
        askedAt: Date,
        endedAt: Date? = nil
    ) {
        self.id = id
        self.item = item
        self.iteration = iteration
        self.state = state
        self.question = question
        self.answer = answer
        self.askedAt = askedAt
        self.endedAt = endedAt
    }
}

/// What an agent left in `outbox/learned.md` for the iterations after it.
package struct LearningRecord: Equatable, Sendable {
    package var item: ItemID
    package var iteration: IterationID
    package var text: String
    package var at: Date

    package init(item: ItemID, iteration: IterationID, text: String, at: Date) {
        self.item = item
        self.iteration = iteration
        self.text = text
        self.at = at
    }
}
