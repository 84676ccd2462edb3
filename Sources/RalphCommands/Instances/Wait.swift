import RalphAPI
import RalphCore

/// Watches a project's events until an item, or all of it, is settled.
struct Wait: Sendable {
    /// Nil: everything.
    var item: ItemReference?
    var project: Project
    var clock: any Clock<Duration>

    /// How it ended, and how the thing that was waited for stands.
    struct End: Sendable {
        enum Subject: Sendable {
            case item(ItemView)
            case project(StatusView)
        }

        var verdict: CommandEnd
        var subject: Subject
    }

    /// A daemon that restarts is back within this; one that is not is gone.
    private static let longestAbsence: Duration = .seconds(60)
    private static let retryPause: Duration = .seconds(2)

    func run() async throws -> End {
        // Nil until the daemon has answered once: one that is not there at the beginning is not waited for.
        var absence: Duration?
        while true {
            do {
                if let end = try await follow(since: &absence) { return end }
            } catch let failure as Failure where failure.isAbsence {
                guard let gone = absence else { return try await fromHistory(or: failure) }
                guard gone < Wait.longestAbsence else { throw failure }
            }
            absence = (absence ?? .zero) + Wait.retryPause
            try await clock.sleep(for: Wait.retryPause)
        }
    }

    /// Nil when the events came to an end before the wait did. Subscribes before it looks, so that nothing is missed
    /// in between.
    private func follow(since absence: inout Duration?) async throws -> End? {
        let daemon = project.reading
        let events = try await daemon.events(after: nil)
        absence = .zero
        if let end = try await end(daemon) { return end }
        for try await _ in events {
            if let end = try await end(daemon) { return end }
        }
        return nil
    }

    /// Nothing will change any more: what is settled is told, for the rest there is nobody to wait for.
    private func fromHistory(or failure: Failure) async throws -> End {
        guard let end = try await end(project.history(after: failure)) else { throw failure }
        return end
    }

    /// Nil while it can still go on by itself.
    private func end(_ reading: any ProjectReading) async throws -> End? {
        guard let item else {
            let status = try await reading.status()
            return Wait.verdict(on: status).map { End(verdict: $0, subject: .project(status)) }
        }
        let view = try await reading.item(item)
        if let verdict = Wait.verdict(on: view) { return End(verdict: verdict, subject: .item(view.summary)) }
        guard Wait.verdict(on: try await reading.status()) != nil else { return nil }
        // It may have ended between the two answers: nothing goes on any more, so this one is its last word.
        let last = try await reading.item(item)
        return End(verdict: Wait.verdict(on: last) ?? .needsPerson, subject: .item(last.summary))
    }

    private static func verdict(on item: ItemDetailView) -> CommandEnd? {
        switch item.state {
        case .done: .done
        case .blocked, .manual, .later: .needsPerson
        case .withdrawn: .failed
        case .open, .running: nil
        case .waiting: item.block == nil ? nil : .needsPerson
        }
    }

    /// Of the whole project; also what ends the wait for an item that cannot get its turn.
    private static func verdict(on status: StatusView) -> CommandEnd? {
        switch status.state {
        case .idle: status.needsYou.isEmpty ? .done : .needsPerson
        case .held, .paused: .needsPerson
        case .waiting: status.until == nil && status.running.isEmpty ? .needsPerson : nil
        case .running, .stopped: nil
        }
    }
}
