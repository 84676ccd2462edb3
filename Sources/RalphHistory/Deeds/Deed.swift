internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

/// One transaction under way: writes records, and an event for each change that a watcher cares for.
struct Deed {
    /// With more changed items than this, one event stands for all: a reading of a huge PRD is one thing that happened.
    static let eventsPerItemLimit = 200

    let db: Database
    let now: Date
    private(set) var lastEvent: EventID?

    init(db: Database, now: Date) {
        self.db = db
        self.now = now
    }

    mutating func tell(
        _ kind: EventKind,
        item: ItemID? = nil,
        iteration: IterationID? = nil,
        _ details: [String: String?] = [:]
    ) throws {
        let event = EventRecord(
            id: EventID(0),
            at: now,
            kind: kind,
            item: item,
            iteration: iteration,
            details: details.compactMapValues { $0 }
        )
        lastEvent = EventID(try event.insertNew(db))
    }

    func assertFound(_ isFound: Bool, _ what: String) throws {
        guard isFound else { throw Failure(.notFound, "no \(what) in the history") }
    }
}
