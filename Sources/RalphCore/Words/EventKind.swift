package import struct Foundation.Date

/// What can happen, as the history records it and the live stream tells it: a closed set.
package enum EventKind: String, CaseIterable, Codable, Sendable {
    /// State, reason, hold, pause or target changed. Details: `state`, `reason`.
    case projectChanged = "project_changed"
    /// A reading of the PRD came into force, or was refused. Details: `problems`, `added`, `changed`.
    case prdRead = "prd_read"
    /// An item is new. Details: `key`, `state`.
    case itemAdded = "item_added"
    /// An item's state, reason, strikes or commit changed. Details: `key`, `state`, `reason`.
    case itemChanged = "item_changed"
    /// Too many items at once to name each. Details: `count`.
    case itemsChanged = "items_changed"
    /// Details: `agent`, `ordinal`.
    case iterationStarted = "iteration_started"
    /// Details: `stage`.
    case stageChanged = "stage_changed"
    /// Details: `name`, `verdict`, `subject`.
    case checkFinished = "check_finished"
    /// Details: `target`, `candidate`.
    case landingOpened = "landing_opened"
    /// Details: `target`, `commit` (left out when nothing landed).
    case landingClosed = "landing_closed"
    /// Details: `outcome`, `commit`.
    case iterationEnded = "iteration_ended"
    /// Details: `name`, `state`.
    case agentChanged = "agent_changed"
    /// Details: `question`.
    case questionAsked = "question_asked"
    /// Details: `question`.
    case questionAnswered = "question_answered"
    /// An agent left a note for later iterations.
    case learned
    /// Something that a person should be able to look up later. Details: `message`; of an undo also `undo` (`UndoStep`)
    /// and `commit`.
    case note
}

/// The row number of an event; grows and is never used twice, so that a stream can be resumed after it.
package struct EventID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: EventID, b: EventID) -> Bool { a.rawValue < b.rawValue }
}

/// One thing that happened. Written in the transaction of the change that it tells of.
package struct EventRecord: Equatable, Sendable {
    package var id: EventID
    package var at: Date
    package var kind: EventKind
    package var item: ItemID?
    package var iteration: IterationID?
    /// A few short facts, by the names that ``EventKind`` states. Never an agent's or author's text at length.
    package var details: [String: String]

    package init(
        id: EventID,
        at: Date,
        kind: EventKind,
        item: ItemID? = nil,
        iteration: IterationID? = nil,
        details: [String: String] = [:]
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.item = item
        self.iteration = iteration
        self.details = details
    }
}
