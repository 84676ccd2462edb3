import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import SystemPackage

extension RunService {
    /// The plan that an iteration which begins now follows to its end.
    func plan(for id: ItemID?) -> ProjectPlan? {
        guard let document, let target = project.target else { return nil }
        return ProjectPlan(
            name: project.name,
            settings: configuration.effective(document.settings),
            target: target,
            prdFile: configuration.prd,
            prd: documentBytes,
            prdPath: bench.git.configuration.prdPath,
            path: configuration.path,
            credentials: configuration.credentials,
            known: knownItems(with: id)
        )
    }

    private func knownItems(with id: ItemID?) -> (items: [KnownItem], index: Int) {
        let known = machine.inDocumentOrder
        return (known.map { KnownItem($0) }, known.firstIndex { $0.id == id } ?? -1)
    }

    func start(_ id: ItemID, _ agent: AgentChoice, _ allowance: Allowance) {
        guard let item = machine.items[id], let plan = plan(for: id) else {
            inbox.yield(
                .ended(id, .notStarted(RunMachine.Trouble(.repository, "there is no plan to work by yet")))
            )
            return
        }
        logger.notice(
            "an iteration starts",
            metadata: ["item.key": "\(item.item.key)", "item.id": "\(id)", "agent": "\(agent)"]
        )
        launch(id) { [runner] cancel in
            await runner.run(item, with: agent, allowance, plan: plan, cancel: cancel)
        }
    }

    /// For who looks later.
    func note(_ text: String, of id: ItemID) {
        logger.notice("a note", metadata: ["item.id": "\(id)", "note": "\(text)"])
        try? bench.history.note(text, item: id)
    }

    func landAgain(_ id: ItemID) {
        guard let item = machine.items[id], let row = parkedRows[id], let plan = plan(for: id) else {
            inbox.yield(.ended(id, .notStarted(nil)))
            return
        }
        let allowance = machine.allowance(ofWaiting: id, now: bench.now())
        launch(id) { [runner] cancel in
            await runner.settle(item, row, allowance, plan: plan, cancel: cancel)
        }
    }

    /// Closes the iteration of a landing that is wanted no more, unless it may have landed already.
    func dropLanding(_ id: ItemID, _ reason: String) {
        guard let row = parkedRows[id] else {
            inbox.yield(.ended(id, .notStarted(nil)))
            return
        }
        if isLandingOpen(row) {
            let obstacle = RunMachine.Obstacle(
                reason: "what became of its landing cannot be told yet",
                needsPerson: false
            )
            inbox.yield(.ended(id, .parked(obstacle, row)))
            return
        }
        var end = IterationResult(
            item: id,
            agent: AgentChoice(name: row.agent, model: row.modelRequested),
            outcome: .cancelled,
            detail: reason
        )
        end.kept = row.kept
        inbox.yield(.ended(id, .ended(end, row, closing: nil)))
    }

    private func launch(_ id: ItemID, _ body: @escaping @Sendable (CancelNote) async -> IterationEnding) {
        guard running[id] == nil else { return }
        let cancel = CancelNote()
        let task = Task { [inbox] in
            let ending = await body(cancel)
            inbox.yield(.ended(id, ending))
        }
        running[id] = Running(task: task, cancel: cancel)
    }

    func cancel(_ id: ItemID, _ reason: String) {
        guard let run = running[id] else { return }
        run.cancel.say(CancelNote.Reason(outcome: .cancelled, detail: reason))
        run.task.cancel()
    }

    /// An iteration is over, or waits for its way to be clear.
    func ended(_ id: ItemID, _ ending: IterationEnding) async {
        running[id] = nil
        bench.pulse.reset()
        switch ending {
        case .ended(let result, let record, let intent): await finish(result, record, intent)
        case .parked(var obstacle, let record):
            parkedRows[id] = record
            obstacle.bill = Bill(of: record)
            logger.notice(
                "a landing waits",
                metadata: ["item.id": "\(id)", "reason": "\(obstacle.reason)"]
            )
            await send(.landingObstructed(id, obstacle))
        case .notStarted(let trouble):
            if let trouble { logger.error("the project holds", metadata: ["reason": "\(trouble.message)"]) }
            if trouble?.kind == .storage { inbox.yield(.houseDue) }
            await send(.notStarted(id, trouble))
        }
        if case .parked(_, let row) = ending, isLandingOpen(row) {} else { bench.gate.leave(id) }
        if isReadingOwed { await readPRD() }
    }

    /// A landing that nobody can judge yet: what is in the PRD may be of its making.
    private func isLandingOpen(_ record: IterationRecord) -> Bool {
        (try? bench.history.openLandings())?.contains { $0.uuid == record.uuid } ?? false
    }

    private func finish(_ result: IterationResult, _ record: IterationRecord, _ intent: LandingIntent?) async
    {
        parkedRows[result.item] = nil
        var result = result
        result.detail = result.detail.map(PlainText.trimmed)
        var row = record
        row.outcome = result.outcome
        row.isStrike = result.isStrike
        result.bill = Bill(of: row)
        row.endedAt = bench.now()
        row.error = result.outcome == .landed ? nil : result.detail.map { PlainText.cut($0, bytes: 4000) }
        row.commit = result.commit ?? row.commit
        logger.notice(
            "an iteration ended",
            metadata: [
                "item.id": "\(result.item)", "iteration.id": "\(row.id)",
                "outcome": "\(result.outcome.rawValue)",
                "detail": "\(result.detail ?? "")",
            ]
        )
        let actions = machine.handle(.ended(result), now: bench.now())
        var end = IterationEnd(iteration: row, items: [])
        var rest: [RunMachine.Action] = []
        for action in actions {
            switch action {
            case .saveItems(let items): end.items += items
            case .saveAgents(let agents):
                end.agents += agents
                tellSetAside(agents)
            default: rest.append(action)
            }
        }
        if result.outcome == .question { end.question = result.detail }
        if let tip = result.commit, tip != project.targetTip {
            project.targetTip = tip
            lastTip = tip
            end.project = project
        }
        FaultPoint.endDecided.passed()
        if result.outcome == .internalError || result.outcome == .interrupted { oweRescue(row) }
        unwritten.append(end)
        flush()
        FaultPoint.endWritten.passed()
        if let intent {
            try? await bench.git.finishLanding(intent)
            FaultPoint.endPinDropped.passed()
        }
        await perform(rest)
        if result.outcome == .landed, let commit = result.commit { afterLanding(result.item, commit, row) }
    }

    private static let longestAfterLanding: Duration = .seconds(600)

    /// Runs once per landing, outside of any iteration; a failure is shown and is never a strike.
    func afterLanding(_ id: ItemID, _ commit: ObjectID, _ record: IterationRecord) {
        let commands = configuration.host.afterLanding
        guard !commands.isEmpty, let item = machine.items[id] else { return }
        let hook = HostCommands(
            bench: bench,
            key: "after-landing",
            commands: commands,
            timeout: Self.longestAfterLanding,
            log: bench.logDirectory(record).appending("after-landing.log")
        )
        beside(isWanted: true) { [bench] in
            let variables = ["RALPH_ITEM": item.item.key, "RALPH_COMMIT": commit.rawValue]
            guard let trouble = await hook.run(variables, mark: "after-\(record.uuid)") else { return }
            bench.logger.error("the commands after a landing failed", metadata: ["reason": "\(trouble)"])
            try? bench.history.note(trouble, item: id, iteration: record.id)
            // For status, report and show: the landing stands, so it is no strike and no other outcome.
            guard var row = try? bench.history.iteration(record.id) else { return }
            row.error = PlainText.cut(trouble, bytes: 4000)
            try? bench.history.save(iteration: row)
        }
    }

    /// Looks whether the cause of a hold is gone.
    func probe(_ kind: Hold.Kind) {
        if kind == .storage {
            beside { [self] in inbox.yield(.probed(await lookAtStorage())) }
            return
        }
        guard let plan = plan(for: nil) else {
            inbox.yield(.probed(nil))
            return
        }
        let prober = Prober(bench: bench, runner: runner, plan: plan)
        beside { [inbox] in inbox.yield(.probed(await prober.trouble(of: kind))) }
    }
}
