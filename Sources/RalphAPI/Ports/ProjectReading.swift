package import RalphCore

package import struct Foundation.Date

/// What can be asked of a project. The daemon answers from its history; `ralphctl` asks the daemon, or the history
/// itself when no daemon answers.
///
/// Every method throws `Failure`: `notFound` and `ambiguous` for references, `noDaemon` where nobody answers.
package protocol ProjectReading: Sendable {
    func status() async throws -> StatusView
    /// In document order.
    func items(_ query: ItemQuery) async throws -> [ItemView]
    func item(_ item: ItemReference) async throws -> ItemDetailView
    /// Newest first.
    func iterations(_ query: IterationQuery) async throws -> [IterationView]
    func iteration(_ iteration: IterationReference) async throws -> IterationDetailView
    /// A file of the iteration's log from a byte offset on; with `follow`, until the iteration has ended.
    func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream
    /// What the iteration changed, as `git diff` shows it.
    func diff(_ iteration: IterationReference) async throws -> String
    func prompt(_ iteration: IterationReference) async throws -> String
    /// Those without an answer, oldest first.
    func questions() async throws -> [QuestionView]
    /// What happened since an instant; nil: since the evening.
    func report(since: Date?) async throws -> ReportView
    func stats() async throws -> StatsView
    func agents() async throws -> [AgentDetailView]
    /// Everything after the event with this id (nil: only what comes from now on): with `follow` for as long as there is a
    /// daemon, else up to the newest.
    func events(after id: EventID?, follow: Bool) async throws -> EventStream
}

extension ProjectReading {
    /// As long as there is a daemon.
    package func events(after id: EventID?) async throws -> EventStream {
        try await events(after: id, follow: true)
    }
}

/// Raw bytes in pieces. Nothing is read before it is asked for, so a slow reader costs no memory.
package typealias ByteStream = any AsyncSequence<[UInt8], any Error> & Sendable

/// Events as they happen.
package typealias EventStream = any AsyncSequence<EventView, any Error> & Sendable

/// Which items.
package struct ItemQuery: Equatable, Sendable {
    /// Empty: all but the withdrawn.
    package var states: Set<ItemState>
    package var limit: Int?
    /// Only those after this one in document order.
    package var after: ItemID?

    package init(states: Set<ItemState> = [], limit: Int? = nil, after: ItemID? = nil) {
        self.states = states
        self.limit = limit
        self.after = after
    }
}

/// Which iterations.
package struct IterationQuery: Equatable, Sendable {
    package static let defaultLimit = 50
    package static let largestLimit = 1000

    package var item: ItemReference?
    package var limit: Int
    /// Only those older than this one.
    package var before: IterationID?

    package init(item: ItemReference? = nil, limit: Int = defaultLimit, before: IterationID? = nil) {
        self.item = item
        self.limit = limit
        self.before = before
    }
}

/// Which file of an iteration's log, and from where.
package struct LogQuery: Equatable, Sendable {
    package var file: LogFile
    /// Bytes to skip.
    package var offset: Int64
    package var follow: Bool

    package init(_ file: LogFile = .transcript, offset: Int64 = 0, follow: Bool = false) {
        self.file = file
        self.offset = offset
        self.follow = follow
    }
}
