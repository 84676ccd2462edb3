import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphProcess

extension RunService {
    /// What an earlier life left is put in order before the PRD is read: its processes, its landings, its iterations.
    ///
    /// Throws `Shutdown.NotWanted` when a signal comes meanwhile: what is not in order yet is the next start's.
    func begin() async throws {
        tellStartUp("ending what an earlier life left")
        let killed = Leftovers(markPrefix: bench.markPrefix + "/").sweep()
        if !killed.isEmpty {
            logger.notice("processes of an earlier life were ended", metadata: ["count": "\(killed.count)"])
        }
        FaultPoint.recoveryLeftoversEnded.passed()
        try assertWanted()
        let (landed, unlanded) = try await recoverLandings()
        try? await bench.git.finishLandings(allBut: bench.history.openLandings().map(\.iteration))
        bench.versions.file.removeLeftovers()
        FaultPoint.recoveryLandingsDone.passed()
        try assertWanted()
        let interrupted = try bench.history.openIterations()
        try await chooseTarget()
        let wasKilled = project.daemonPID != nil
        project.daemonPID = getpid()
        project.startedAt = bench.now()
        try await load(interrupted)
        await askSetAsideAgain()
        FaultPoint.recoveryLoaded.passed()
        try assertWanted()
        try await closeInterrupted(interrupted, wasKilled: wasKilled)
        BootMark(state: bench.state).renew()
        if let last = FileManager.default.contents(atPath: inForceFile) { documentBytes = Array(last) }
        tellStartUp("reading the PRD")
        try assertWanted()
        await takeBackTicks(unlanded)
        try await readFirst()
        try await resumeUndos()
        for row in landed { if let commit = row.commit { afterLanding(row.item, commit, row) } }
        FaultPoint.recoveryDone.passed()
    }

    private func assertWanted() throws(Shutdown.NotWanted) {
        if bench.stop.isSet { throw Shutdown.NotWanted() }
    }

    private func load(_ interrupted: [IterationRecord]) async throws {
        var mood = ProjectMood()
        mood.isPaused = project.isPaused
        mood.hold = project.hold?.kind == .storage ? nil : project.hold
        // Who starts the daemon has mended something: look at once.
        mood.hold?.nextProbe = bench.now()
        let cutOff = Set(interrupted.map(\.item))
        let items = try bench.history.items().map { item in
            var item = item
            // The last life ended without it: not its doing, and no more in a row.
            if item.unpaid?.outcome == .interrupted, !cutOff.contains(item.id) { item.unpaid = nil }
            return item
        }
        let ledger = try bench.history.ledger(now: bench.now())
        let loaded = RunMachine.Event.loaded(items, try bench.history.agents(), mood, ledger)
        await perform(machine.handle(loaded, now: bench.now()))
    }

    /// A step of start-up begins: it may take as long as a few slow git commands.
    private func tellStartUp(_ step: String) { serviceManager.extendTimeout(Self.longestStep, step) }

    private static let longestStep: Duration = .seconds(300)

    /// Open intents: what became of each, asked of git. Returns the iterations that are found to have landed, and the items
    /// whose landing did not, with a tick that was to be in the commit.
    private func recoverLandings() async throws -> (landed: [IterationRecord], unlanded: Set<ItemID>) {
        var landed: [IterationRecord] = []
        var unlanded: Set<ItemID> = []
        for intent in try bench.history.openLandings() {
            guard let row = try bench.history.iteration(intent.iteration) else { continue }
            try assertWanted()
            tellStartUp("finishing a landing of an earlier life")
            FaultPoint.recoveryLandingFound.passed()
            if intent.uuid != row.uuid {
                try await recoverUndo(intent, of: row)
                continue
            }
            let recovery = try await bench.git.recoverLanding(intent)
            FaultPoint.recoveryLandingJudged.passed()
            switch recovery {
            case .landed(let commit, let isTickOwed):
                landed += try recordLanding(
                    row,
                    intent,
                    commit: commit ?? intent.candidate,
                    isTickOwed: isTickOwed
                )
            case .thrownAway:
                _ = try recordLanding(row, intent, commit: intent.candidate, isTickOwed: false)
            case .notLanded:
                try bench.history.closeLanding(of: intent.iteration)
                if intent.tick == .inCommit { unlanded.insert(row.item) }
            case .undecidable(let reason):
                leaveOpen(row, reason)
            }
        }
        return (landed, unlanded)
    }

    /// An author who saved the PRD after a landing had ticked it there and died saved the daemon's tick, not one of his own.
    private func takeBackTicks(_ items: Set<ItemID>) async {
        guard !items.isEmpty, let bytes = try? bench.versions.file.read(), let file = try? PRD.parse(bytes)
        else {
            return
        }
        let known = machine.inDocumentOrder
        let faces = known.map { KnownItem($0) }
        let matches = Reconciler.match(faces, with: file.items).matches
        let wrong = known.indices.filter { index in
            guard let match = matches[index], items.contains(known[index].id), known[index].state != .done
            else { return false }
            return file.items[match.new].isTicked
        }
        guard !wrong.isEmpty, await isPRDBranchCheckedOut() else { return }
        // Past the versions: the one that is there now counts as no edit of the author's.
        _ = try? bench.versions.file.edit { Tick.open(wrong, of: faces, in: $0) }
    }

    /// A landing that cannot be judged yet is asked about again when its turn comes. What is in the PRD until then may be
    /// of its making.
    func leaveOpen(_ row: IterationRecord, _ reason: String) {
        logger.error(
            "a landing of an earlier life cannot be judged yet",
            metadata: ["iteration.id": "\(row.id)", "reason": "\(reason)"]
        )
        bench.gate.enter(row.item)
    }

    private func recordLanding(
        _ row: IterationRecord,
        _ intent: LandingIntent,
        commit: ObjectID,
        isTickOwed: Bool
    ) throws -> [IterationRecord] {
        guard var item = try bench.history.item(row.item) else { return [] }
        item.state = .done
        item.reason = nil
        item.commit = commit
        item.doneAt = bench.now()
        item.block = nil
        item.isTickOwed = isTickOwed
        var ended = row
        ended.outcome = .landed
        ended.endedAt = bench.now()
        ended.commit = commit
        try bench.history.finish(IterationEnd(iteration: ended, items: [item]))
        FaultPoint.recoveryLandingRecorded.passed()
        logger.notice("a landing of an earlier life is complete", metadata: ["item.id": "\(row.item)"])
        return [ended]
    }

    /// Iterations that the end of the daemon cut off. Green work that only had to land goes on; the rest is kept.
    /// - Parameter wasKilled: the daemon did not end in order; one that an item brings down every time must not go on for ever.
    private func closeInterrupted(_ rows: [IterationRecord], wasKilled: Bool) async throws {
        let isSameBoot = wasKilled && BootMark(state: bench.state).isOfThisBoot
        let settings = try? PRD.parse(bench.versions.file.read(), defaults: configuration.host.project)
            .settings
        let audit = TranscriptAudit(settings: configuration.effective(settings ?? configuration.host.project))
        for row in rows {
            guard let item = machine.items[row.item] else { continue }
            try assertWanted()
            var row = row
            audit.settleReview(&row, in: bench)
            tellStartUp("keeping the work of an interrupted iteration")
            var suspect = isSameBoot && (row.stage == .checks || row.stage == .review) ? row.stage : nil
            if row.kept != nil, Self.resumable.contains(row.stage), item.state != .done,
                machine.mayResume(row.item, diedIn: suspect)
            {
                parkedRows[row.item] = row
                let reviews = row.stage == .review ? bench.reviews(of: row) : nil
                machine.resumeLanding(of: row.item, Bill(of: row), reviews: reviews, now: bench.now())
                continue
            }
            if row.kept == nil, row.stage == .agent || row.stage == .snapshot {
                row.kept = await salvage(row)
                FaultPoint.recoveryWorkSalvaged.passed()
                let isNew = await isNewWork(row.kept, after: item.kept)
                let wasRunning = row.stage == .agent && row.processID != nil
                suspect = isSameBoot && wasRunning && !isNew ? .agent : nil
            }
            if row.stage == .agent, row.processID != nil { audit.settle(&row, in: bench) }
            let end = interruption(row, suspect, isCrash: wasKilled)
            await ended(row.item, .ended(end, row, closing: nil))
            FaultPoint.recoveryIterationClosed.passed()
        }
    }

    /// Stages in which the agent's work is kept, and goes on from there.
    private static let resumable: Set<Stage> = [.checks, .review, .landing]

    /// At once, before anything is claimed: the item keeps its turn.
    private func interruption(_ row: IterationRecord, _ suspect: Stage?, isCrash: Bool) -> IterationResult {
        var result = IterationResult(
            item: row.item,
            agent: AgentChoice(name: row.agent, model: row.modelRequested),
            outcome: .interrupted,
            detail: "the daemon ended while it ran"
        )
        result.kept = row.kept
        result.isCrash = isCrash
        result.suspectStage = suspect
        return result
    }

    private func isNewWork(_ work: KeptWork?, after old: KeptWork?) async -> Bool {
        guard let work else { return false }
        guard let old else { return true }
        let changed = try? await bench.git.changedPaths(old.commit, work.commit)
        return work.base != old.base || changed?.isEmpty == false
    }

    /// What the agent had made when it was cut off.
    func salvage(_ row: IterationRecord) async -> KeptWork? {
        guard
            let snapshot = try? await bench.git.snapshot(
                SnapshotRequest(
                    slot: AgentTurn.slot,
                    iteration: row.id,
                    base: row.base,
                    kept: machine.items[row.item]?.kept,
                    rules: WorkspaceRules()
                )
            )
        else { return nil }
        return try? await bench.git.keptWork(of: snapshot)
    }

    /// The target is chosen once and written down; `branch:` chooses it anew.
    private func chooseTarget() async throws {
        let first = try? PRD.parse(bench.versions.file.read(), defaults: configuration.host.project)
        let branch = first.map { configuration.effective($0.settings).branch } ?? nil
        if project.target == nil || branch != nil {
            switch try await bench.git.chooseTarget(branch: branch) {
            case .ref(let ref): project.target = ref
            case .hold(let reason): throw Failure(.configuration, reason)
            }
        }
        prdBranch = branch == nil ? project.target : try? await currentBranch()
    }

    private func currentBranch() async throws -> String? {
        guard case .ref(let ref) = try await bench.git.chooseTarget(branch: nil) else { return nil }
        return ref
    }

    /// The first reading has to succeed, or there is nothing to work by.
    private func readFirst() async throws {
        await readPRD()
        if document == nil, let prdBranch, let path = bench.git.configuration.prdPath,
            project.prdProblems.isEmpty, case .found(let target)? = try? await bench.git.target(prdBranch),
            let bytes = try? await bench.git.file(path, at: target.tip)
        {
            // Another branch is checked out: the plan is the one that the target has.
            await take(bytes)
        }
        if document == nil, !documentBytes.isEmpty {
            // The file cannot be used, or a landing that nobody can judge yet may have left it: what was in force stays.
            await take(documentBytes)
            await readPRD()
        }
        guard document == nil else { return }
        let problem = project.prdProblems.first
        throw Failure(
            .configuration,
            "\(configuration.prd):\(problem?.line ?? 1): \(problem?.message ?? "the PRD cannot be read"); ralphctl prd check "
                + "\(configuration.prd) shows all of it"
        )
    }
}
