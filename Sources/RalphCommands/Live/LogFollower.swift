import RalphAPI
import RalphAgents
import RalphCore

/// `ralphctl log ITEM -f`: reads along with an item's agent through all its tries, until the item is done or needs a person.
struct LogFollower {
    let item: ItemReference
    let isRaw: Bool
    let project: Project
    let context: CommandContext

    /// Answers which CLI wrote an iteration's transcript.
    typealias Writer = (IterationDetailView) async -> AgentCLI?

    /// What was wrong when no daemon answered: then there is nothing to follow.
    func run(_ writer: Writer) async throws -> Failure? {
        let daemon = project.reading
        var last: IterationID?
        while true {
            // Before the look, so that no beginning falls between.
            let events: EventStream
            do {
                events = try await daemon.events(after: nil)
            } catch let failure as Failure where failure.isAbsence {
                guard last == nil else { throw failure }
                return failure
            }
            let view = try await daemon.item(item)
            if let newest = view.history.first, newest.id != last {
                last = newest.id
                guard try await show(newest.id, daemon, writer) else { return nil }
                continue
            }
            if let end = Self.end(of: view) {
                context.console.note(Text("\(view.key) \(end)"))
                return nil
            }
            if last == nil {
                context.console.note(Text("\(view.key) has not run yet: \(view.reason ?? "it is in line")"))
            }
            guard try await comes(events, for: view.id) else {
                context.console.note("the daemon of \(project.instance.name) has stopped")
                return nil
            }
        }
    }

    /// Waits until something happens to the item. False when the daemon stops.
    private func comes(_ events: EventStream, for id: ItemID) async throws -> Bool {
        for try await event in events where event.item == id {
            if [.iterationStarted, .itemChanged, .iterationEnded].contains(event.kind) { return true }
        }
        return false
    }

    /// One iteration to its end. False when nobody reads any more.
    private func show(_ id: IterationID, _ daemon: any ProjectReading, _ writer: Writer) async throws -> Bool
    {
        let detail = try await daemon.iteration(.number(id))
        guard try head(detail) else { return false }
        let cli = isRaw ? nil : await writer(detail)
        let printer = LogPrinter(
            console: context.console,
            isRaw: isRaw,
            transcript: cli.map { TranscriptScreen(cli: $0, terminal: context.console.terminal) }
        )
        guard try await printer.print(try await daemon.log(.number(id), LogQuery(follow: true))) else {
            return false
        }
        return try foot(try await daemon.iteration(.number(id)))
    }

    /// Not in the way of programs.
    private var isQuiet: Bool { isRaw || context.console.wantsJSON }

    private func head(_ detail: IterationDetailView) throws -> Bool {
        if isQuiet { return true }
        let agent = Wording.agent(detail.agent, detail.modelRequested)
        let at = context.localTime().moment(detail.startedAt)
        return try context.console.show([
            Text("── #\(detail.key) try \(detail.ordinal), i\(detail.id), \(agent), \(at)", .strong)
        ])
    }

    private func foot(_ detail: IterationDetailView) throws -> Bool {
        guard !isQuiet, let outcome = detail.outcome else { return true }
        let checks = detail.checks.map { check in
            Text(
                "   \(check.name) \(check.verdict.rawValue), \(Wording.stopwatch(.milliseconds(check.durationMS)))",
                .faint
            )
        }
        let why = detail.error.map { ": \($0)" } ?? detail.commit.map { ": \(Wording.commit($0))" } ?? ""
        return try context.console.show(
            checks + [Text("── \(Wording.outcome(outcome))\(why)", .of(outcome)), Text()]
        )
    }

    /// Nil while more is to come by itself.
    private static func end(of item: ItemDetailView) -> String? {
        switch item.state {
        case .done: return "is done" + (item.commit.map { ", \(Wording.commit($0))" } ?? "")
        case .blocked, .manual, .later, .withdrawn: return "is \(item.state.rawValue): \(item.reason ?? "")"
        case .waiting where item.block != nil: return "waits: \(item.reason ?? "")"
        case .waiting, .open, .running: return nil
        }
    }
}
