package import RalphCore

package import struct Foundation.Date

/// An agent, or one model of it, and whether it can take items.
package struct AgentView: Codable, Equatable, Sendable {
    package var name: String
    package var state: AgentRecord.State
    @OrNull package var until: Date?
    @OrNull package var message: String?

    package init(_ record: AgentRecord) {
        name = record.name
        state = record.state
        until = record.until
        message = record.message
    }
}

/// A question that an agent asked.
package struct QuestionView: Codable, Equatable, Sendable {
    package var id: QuestionID
    package var item: ItemID
    package var key: String
    package var title: String
    @OrNull package var iteration: IterationID?
    package var text: String
    package var askedAt: Date
    @OrNull package var answer: String?
    @OrNull package var answeredAt: Date?

    package init(
        id: QuestionID,
        item: ItemID,
        key: String,
        title: String,
        iteration: IterationID?,
        text: String,
        askedAt: Date,
        answer: String? = nil,
        answeredAt: Date? = nil
    ) {
        self.id = id
        self.item = item
        self.key = key
        self.title = title
        self.text = text
        self.askedAt = askedAt
        self.iteration = iteration
        self.answer = answer
        self.answeredAt = answeredAt
    }

    private enum CodingKeys: String, CodingKey {
        case id, item, key, title, iteration, text, answer
        case askedAt = "asked_at"
        case answeredAt = "answered_at"
    }
}

/// Something that happened, in the order in which it happened.
package struct EventView: Codable, Equatable, Sendable {
    /// Grows by time; what a reader sends as `Last-Event-ID` to go on after it.
    package var id: EventID
    package var at: Date
    package var kind: EventKind
    @OrNull package var item: ItemID?
    @OrNull package var iteration: IterationID?
    /// A few short facts, by the names that `EventKind` states.
    package var details: [String: String]

    package init(_ record: EventRecord) {
        id = record.id
        at = record.at
        kind = record.kind
        details = record.details
        item = record.item
        iteration = record.iteration
    }
}

/// The daemon's word that it is alive.
package struct HealthView: Codable, Equatable, Sendable {
    package var status: String
    package var project: String

    package init(project: String) {
        status = "ok"
        self.project = project
    }
}

/// What an action did, in words.
package struct ActionView: Codable, Equatable, Sendable {
    package var message: String
    @OrNull package var item: ItemID?

    package init(_ message: String, item: ItemID? = nil) {
        self.message = message
        self.item = item
    }
}

/// An error as every route answers it: `{"error":{"code","message"}}`.
package struct ErrorView: Codable, Equatable, Sendable {
    package struct Body: Codable, Equatable, Sendable {
        /// A `Failure.Code`, or one of the server's own: `method_not_allowed`, `too_large`.
        package var code: String
        package var message: String
    }

    package var error: Body

    package init(code: String, message: String) {
        error = Body(code: code, message: message)
    }

    package init(_ failure: Failure) {
        self.init(code: failure.code.rawValue, message: failure.message)
    }
}
