internal import RalphAPI
internal import RalphCore
internal import RalphHistory

/// Events in order, from the history as far as it goes and then as they are written. A slow reader is told all the
/// same: what it has not asked for stays in the history.
struct HistoryEvents: AsyncSequence, Sendable {
    typealias Element = EventView
    typealias Failure = any Error

    private static let page = 200

    let history: any HistoryReading
    let start: EventID
    /// Nil when nobody writes: then the sequence ends with the last event.
    let newEvents: (@Sendable () -> AsyncStream<EventID>)?

    func makeAsyncIterator() -> Iterator {
        // Listening begins before the first look, so that nothing falls between.
        Iterator(history: history, last: start, arrivals: newEvents?().makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let history: any HistoryReading
        fileprivate var last: EventID
        fileprivate var arrivals: AsyncStream<EventID>.Iterator?
        private var ready: ArraySlice<EventRecord> = []

        fileprivate init(history: any HistoryReading, last: EventID, arrivals: AsyncStream<EventID>.Iterator?)
        {
            self.history = history
            self.last = last
            self.arrivals = arrivals
        }

        @concurrent
        mutating func next() async throws -> EventView? {
            while ready.isEmpty {
                try Task.checkCancellation()
                ready = try history.events(after: last, limit: HistoryEvents.page)[...]
                if !ready.isEmpty { break }
                guard await arrivals?.next() != nil else { return nil }
            }
            guard let event = ready.popFirst() else { return nil }
            last = event.id
            return EventView(event)
        }
    }
}
