package import Foundation
package import RalphAPI
package import RalphCore
package import RalphHistory
package import SystemPackage

/// Answers what can be asked of a project from its history: for the daemon, and for `ralphctl` when no daemon answers.
package struct HistoryReport: Sendable {
    /// What only a running daemon knows.
    package struct Live: Sendable {
        /// Tells of new events: `SQLiteHistory.newEvents`.
        package var newEvents: @Sendable () -> AsyncStream<EventID>
        /// The front matter's `attempts`.
        package var attempts: @Sendable () async -> Int
        /// The ceilings in force.
        package var budget: @Sendable () async -> Budget? = { nil }
        /// `git diff` of what an iteration changed; asked when its log directory has none yet.
        package var diff: @Sendable (IterationRecord) async throws -> String

        package init(
            newEvents: @escaping @Sendable () -> AsyncStream<EventID>,
            attempts: @escaping @Sendable () async -> Int,
            diff: @escaping @Sendable (IterationRecord) async throws -> String
        ) {
            self.newEvents = newEvents
            self.attempts = attempts
            self.diff = diff
        }
    }

    let history: any HistoryReading
    let stateDirectory: FilePath
    let live: Live?
    /// Nil when a daemon runs.
    let absence: Absence?
    /// Without a daemon: the front matter that was in force last.
    let settings: @Sendable () -> ProjectSettings?
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    /// The history blocks; its questions are asked here, one after the other, and not on the few threads that carry all
    /// other work. A serial queue gets a thread of its own however many others are stuck.
    private let queue = DispatchQueue(label: "ralphd.report")

    /// - Parameters:
    ///   - live: nil when no daemon answers.
    ///   - absence: what is known of that daemon; without both the project is stopped, whatever was written last.
    package init(
        history: any HistoryReading,
        stateDirectory: FilePath,
        live: Live? = nil,
        absence: Absence? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        settings: @escaping @Sendable () -> ProjectSettings? = { nil }
    ) {
        self.history = history
        self.stateDirectory = stateDirectory
        self.live = live
        self.absence = live == nil ? absence ?? Absence(.stopped, mend: "ralphd") : nil
        self.settings = settings
        self.clock = clock
        self.now = now
    }

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (any HistoryReading) throws -> Answer
    ) async throws -> Answer {
        let history = history
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try question(history) }) }
        }
    }

    /// Today's and all spend, with the ceilings. A day begins where the budget says, else on this host; an iteration counts on the
    /// day on which its last run of an agent ended.
    static func spend(_ budget: Budget?, now: Date, in history: any HistoryReading) throws -> SpendView {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = budget?.zone.flatMap(TimeZone.init(identifier:)) ?? .current
        let start = calendar.startOfDay(for: now)
        let end = calendar.date(byAdding: .day, value: 1, to: start) ?? start.addingTimeInterval(86_400)
        return try SpendView(
            today: history.spend(from: start, until: end) + history.openSpend(since: start),
            total: history.totalSpend() + history.openSpend(),
            budget: budget
        )
    }

    /// Strikes that block an item.
    func attempts() async -> Int {
        if let live { return await live.attempts() }
        return (settings() ?? ProjectSettings()).attempts
    }

    /// The ceilings in force.
    func budget() async -> Budget? {
        if let live { return await live.budget() }
        return settings()?.budget
    }
}

// MARK: References

extension HistoryReport {
    /// The item that is meant, also for those who steer.
    package func resolve(_ reference: ItemReference) async throws -> ItemRecord {
        try await ask { try Self.item(reference, in: $0) }
    }

    /// The iteration that is meant.
    package func resolve(_ reference: IterationReference) async throws -> IterationRecord {
        try await ask { try Self.iteration(reference, in: $0) }
    }

    static func item(_ reference: ItemReference, in history: any HistoryReading) throws(Failure) -> ItemRecord
    {
        if case .number(let id) = reference {
            guard let record = try history.item(id) else { throw ItemReference.notFound(reference) }
            return record
        }
        // A whole key that one item of the PRD has goes before all else, and is found without reading them all.
        let key: String? =
            switch reference {
            case .key(let key), .words(let key): key
            case .number, .line: nil
            }
        if let key {
            let named = try history.items(key: key).filter { $0.state != .withdrawn }
            if named.count == 1 { return named[0] }
        }
        return try reference.resolve(among: history.items())
    }

    private static func iteration(
        _ reference: IterationReference,
        in history: any HistoryReading
    ) throws(Failure) -> IterationRecord {
        let found: IterationRecord?
        switch reference {
        case .number(let id): found = try history.iteration(id)
        case .uuid(let uuid): found = try history.iteration(uuid: uuid)
        case .ordinal(let item, let ordinal):
            found = try history.iteration(of: self.item(item, in: history).id, ordinal: ordinal)
        case .latest(let item):
            let record = try self.item(item, in: history)
            guard let latest = try history.latestIteration(of: record.id) else {
                throw Failure(.notFound, "\(record.item.key) has not run yet")
            }
            found = latest
        }
        guard let found else {
            throw Failure(.notFound, "no iteration \(reference): ralphctl history lists them")
        }
        return found
    }
}
