import RalphAPI
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphReport
import SystemPackage

import struct Foundation.Date

/// The daemon's side of the API: answers come from the history, orders go into the run service's inbox.
struct DaemonBackend: ProjectReading, ProjectSteering {
    private let service: RunService
    private let report: HistoryReport
    private let bench: Workbench

    /// Bytes of a diff at most.
    private static let diffLimit = 4 << 20
    /// Iterations of one item among which its landing is looked for.
    private static let rowsOfItem = 1000

    init(service: RunService, bench: Workbench) {
        self.service = service
        self.bench = bench
        var live = HistoryReport.Live(
            newEvents: { bench.history.newEvents() },
            attempts: { await service.machine.rules.attempts },
            diff: { iteration in
                guard let work = iteration.kept?.commit ?? iteration.commit else { return "" }
                return try await bench.git.diff(of: work, limit: Self.diffLimit)
            }
        )
        live.budget = { await service.machine.rules.budget }
        report = HistoryReport(
            history: bench.history,
            stateDirectory: bench.state,
            live: live,
            now: bench.now
        )
    }

    func status() async throws -> StatusView {
        var status = try await report.status()
        let known = await service.project
        if let hold = known.hold, status.hold == nil {
            // A disk that takes no writes has not even taken the hold.
            status.show(hold, until: known.until)
        }
        status.containment = bench.containmentNote
        let pulse = bench.pulse.state
        for index in status.running.indices {
            status.running[index].add(pulse) { try? bench.history.lastDuration(ofCheck: $0) }
        }
        return status
    }

    func items(_ query: ItemQuery) async throws -> [ItemView] { try await report.items(query) }
    func item(_ item: ItemReference) async throws -> ItemDetailView { try await report.item(item) }
    func iterations(_ query: IterationQuery) async throws -> [IterationView] {
        try await report.iterations(query)
    }
    func iteration(_ iteration: IterationReference) async throws -> IterationDetailView {
        try await report.iteration(iteration)
    }
    func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream {
        try await report.log(iteration, query)
    }
    func diff(_ iteration: IterationReference) async throws -> String { try await report.diff(iteration) }
    func prompt(_ iteration: IterationReference) async throws -> String { try await report.prompt(iteration) }
    func questions() async throws -> [QuestionView] { try await report.questions() }
    func report(since: Date?) async throws -> ReportView { try await report.report(since: since) }
    func stats() async throws -> StatsView { try await report.stats() }

    /// Those of the project first, in their order, then others that have run; each with where it is on this host.
    func agents() async throws -> [AgentDetailView] {
        let known = try await report.agents()
        guard let plan = await service.plan(for: nil) else { return known }
        return await AgentList(plan: plan, inherited: bench.environment).list(known)
    }

    func testAgent(_ name: String) async throws -> AgentTestView {
        guard let plan = await service.plan(for: nil) else {
            throw Failure(.conflict, "the PRD has not been read yet: try again in a moment")
        }
        let trial = AgentTrial(
            settings: plan.settings,
            path: plan.path,
            credentials: plan.credentials,
            inherited: bench.environment,
            containment: bench.containment
        )
        return try await trial.run(name)
    }

    func events(after id: EventID?, follow: Bool) async throws -> EventStream {
        try await report.events(after: id, follow: follow)
    }

    func pause(now: Bool) async throws -> ActionView {
        let running = await service.machine.items.values.filter { $0.state == .running }.map(\.item.key)
            .sorted()
        try await steer(.pause(now: now))
        guard !running.isEmpty else { return ActionView("paused; nothing was running") }
        let names = running.joined(separator: ", ")
        return ActionView(
            now
                ? "pausing: \(names) has 10 s to end, and its work is kept"
                : "pausing: \(names) runs to its end, and nothing new is begun"
        )
    }

    func resume() async throws -> ActionView {
        try await steer(.resume)
        return ActionView("going on")
    }

    func skip(_ item: ItemReference) async throws -> ActionView {
        let record = try await report.resolve(item)
        try Self.assertSkippable(record, prd: prdName)
        try await steer(.skip(record.id))
        return ActionView(
            "skipped \(record.item.key); ralphctl retry \(record.item.key) takes it up again",
            item: record.id
        )
    }

    func retry(_ item: ItemReference, note: String?, fresh: Bool) async throws -> ActionView {
        let record = try await report.resolve(item)
        try Self.assertRetriable(record, prd: prdName)
        try await steer(.retry(record.id, note: note, fresh: fresh))
        let now = try await report.resolve(.number(record.id))
        return ActionView(Self.retried(now), item: record.id)
    }

    func accept(_ item: ItemReference) async throws -> ActionView {
        let record = try await report.resolve(item)
        guard record.state != .done else { throw Failure(.conflict, "\(record.item.key) is done already") }
        guard record.state != .withdrawn else {
            throw Failure(.conflict, "\(record.item.key) is no longer in the PRD")
        }
        try await steer(.accept(record.id))
        return ActionView("accepted: \(record.item.key)", item: record.id)
    }

    func undo(_ item: ItemReference) async throws -> ActionView {
        let record = try await report.resolve(item)
        let key = record.item.key
        guard record.state == .done, let commit = record.commit else {
            throw Failure(
                .conflict,
                record.state == .done
                    ? "\(key) was not landed by ralphd: ralphctl retry \(key) does it again, or untick its box"
                    : "\(key) is not done, so there is nothing to undo: ralphctl skip \(key) passes it by"
            )
        }
        let rows = try bench.history.iterations(item: record.id, limit: Self.rowsOfItem)
        guard let row = rows.first(where: { $0.outcome == .landed && $0.commit == commit }),
            try await bench.git.isLanding(commit, of: row.uuid)
        else {
            throw Failure(
                .conflict,
                "the work of \(key) was on the branch before ralphd landed it: git revert it by hand, then untick its box"
            )
        }
        let undo = UndoRecord(item: record.id, iteration: row.id, landed: commit, askedAt: bench.now())
        try await withCheckedThrowingContinuation { service.inbox.yield(.undo(undo, $0)) }
        return ActionView(
            "undoing \(key): \(commit.short) is reverted once the checks pass without it",
            item: record.id
        )
    }

    func answer(_ question: QuestionID, text: String) async throws -> ActionView {
        guard let asked = try bench.history.question(question) else {
            throw Failure(.notFound, "no question \(question): ralphctl questions lists them")
        }
        try bench.history.answer(question, text)
        try await steer(.answer(asked.item, text))
        return ActionView("answered question \(question)", item: asked.item)
    }

    func add(_ request: AddRequest) async throws -> ActionView {
        var item = NewItem(request.text, section: request.section)
        if let after = request.after {
            guard let reference = ItemReference(after) else {
                throw Failure(.usage, "--after needs an item: its key, number, line or a part of its title")
            }
            item.after = try await report.resolve(reference).item.key
        }
        let added = try await withCheckedThrowingContinuation { service.inbox.yield(.add(item, $0)) }
        let isLater = added.item.attributes.mode == .later ? ", for later" : ""
        return ActionView("added #\(added.item.key) on line \(added.item.line)\(isLater)", item: added.id)
    }

    func retryAgent(_ name: String) async throws -> ActionView {
        let plan = await service.plan(for: nil)
        let named = plan.map { AgentList.named(in: $0.settings) } ?? []
        let known = named + (try bench.history.agents().map(\.name).filter { !named.contains($0) })
        guard known.contains(where: { $0 == name || $0.hasPrefix(name + ":") }) else {
            throw Failure(
                .notFound,
                "no agent \(name): known are \(known.isEmpty ? "none" : known.joined(separator: ", "))"
            )
        }
        try await steer(.retryAgent(name))
        return ActionView("\(name) is tried again")
    }

    /// As people call it.
    private var prdName: String { bench.versions.file.path.lastComponent?.string ?? "PRD" }

    private func steer(_ command: RunMachine.Command) async throws {
        try await withCheckedThrowingContinuation { service.inbox.yield(.steer(command, $0)) }
    }
}
