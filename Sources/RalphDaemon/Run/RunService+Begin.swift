import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphProcess

extension RunService {
    /// What an earlier life left is put in order before the PRD is read: its processes, its landings, its iterations.
    func begin() async throws {
        tellStartUp("ending what an earlier life left")
        let killed = Leftovers(markPrefix: bench.markPrefix + "/").sweep()
        if !killed.isEmpty {
            logger.notice("processes of an earlier life were ended", metadata: ["count": "\(killed.count)"])
        }
        let interrupted = try await recoverLandings()
        try await chooseTarget()
        project.daemonPID = getpid()
        project.startedAt = bench.now()
        var mood = ProjectMood()
        mood.isPaused = project.isPaused
        mood.hold = project.hold?.kind == .storage ? nil : project.hold
        // Who starts the daemon has mended something: look at once.
        mood.hold?.nextProbe = bench.now()
        await perform(
            machine.handle(
                .loaded(try bench.history.items(), try bench.history.agents(), mood),
                now: bench.now()
            )
        )
        try await closeInterrupted(interrupted)
        if let last = FileManager.default.contents(atPath: inForceFile) { documentBytes = Array(last) }
        tellStartUp("reading the PRD")
        try await readFirst()
        try await resumeUndos()
    }

    /// A step of start-up begins: it may take as long as a few slow git commands.
    private func tellStartUp(_ step: String) { serviceManager.extendTimeout(Self.longestStep, step) }

    private static let longestStep: Duration = .seconds(300)

    /// Open intents: what became of each, asked of git; and the iterations that have none.
    private func recoverLandings() async throws -> [IterationRecord] {
        for intent in try bench.history.openLandings() {
            guard let row = try bench.history.iteration(intent.iteration) else { continue }
            tellStartUp("finishing a landing of an earlier life")
            if intent.uuid != row.uuid {
                try await recoverUndo(intent, of: row)
                continue
            }
            switch try await bench.git.recoverLanding(intent) {
            case .landed(let commit, let isTickOwed):
                try recordLanding(row, intent, commit: commit ?? intent.candidate, isTickOwed: isTickOwed)
                try? await bench.git.finishLanding(intent)
            case .thrownAway:
                try recordLanding(row, intent, commit: intent.candidate, isTickOwed: false)
                try? await bench.git.finishLanding(intent)
            case .notLanded: try bench.history.closeLanding(of: intent.iteration)
            case .undecidable(let reason): throw Self.undecidable(reason)
            }
        }
        return try bench.history.openIterations()
    }

    static func undecidable(_ reason: String) -> Failure {
        Failure(
            .busy,
            "a landing of an earlier life cannot be judged yet: \(reason); start ralphd again then"
        )
    }

    private func recordLanding(
        _ row: IterationRecord,
        _ intent: LandingIntent,
        commit: ObjectID,
        isTickOwed: Bool
    ) throws {
        guard var item = try bench.history.item(row.item) else { return }
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
        logger.notice("a landing of an earlier life is complete", metadata: ["item.id": "\(row.item)"])
    }

    /// Iterations that the end of the daemon cut off. Green work that only had to land goes on; the rest is kept.
    private func closeInterrupted(_ rows: [IterationRecord]) async throws {
        for row in rows {
            guard let item = machine.items[row.item] else { continue }
            tellStartUp("keeping the work of an interrupted iteration")
            if row.kept != nil, row.stage == .checks || row.stage == .landing, item.state != .done {
                parkedRows[row.item] = row
                machine.resumeLanding(of: row.item, now: bench.now())
                continue
            }
            var row = row
            if row.kept == nil, row.stage == .agent || row.stage == .snapshot {
                row.kept = await salvage(row)
            }
            var result = IterationResult(
                item: row.item,
                agent: AgentChoice(name: row.agent, model: row.modelRequested),
                outcome: .interrupted,
                detail: "the daemon ended while it ran"
            )
            result.kept = row.kept
            result.isCrash = true
            // At once, before anything is claimed: the item keeps its turn.
            await ended(row.item, .ended(result, row, closing: nil))
        }
    }

    /// What the agent had made when it was cut off.
    private func salvage(_ row: IterationRecord) async -> KeptWork? {
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
        let first = try? PRD.parse(prd.read().bytes, defaults: configuration.host.project)
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
        guard document == nil else { return }
        let problem = project.prdProblems.first
        throw Failure(
            .configuration,
            "\(prd.path):\(problem?.line ?? 1): \(problem?.message ?? "the PRD cannot be read"); ralphctl prd check "
                + "\(prd.path) shows all of it"
        )
    }
}
