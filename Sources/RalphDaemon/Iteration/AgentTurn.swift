import Foundation
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphProcess
import SystemPackage

/// The first half of an iteration: a fresh agent in a clean workspace, and what it made of it, kept in the store.
struct AgentTurn {
    let bench: Workbench
    let plan: ProjectPlan
    let item: ItemRecord
    let agent: AgentChoice
    let meter: SpendingMeter
    let cancel: CancelNote
    var record: IterationRecord
    var judge: Judge
    /// The author's, in place of our own prompt.
    var template: PromptTemplate?
    /// What must not be told, once it is known who runs.
    var secrets = Redaction([])
    /// Whether the work holds one of them.
    private(set) var leak = false

    /// One worker, one workspace.
    static let slot = 1
    private static let longestDiff = 4 << 20
    private static let feedbackReach = 20

    /// What the turn came to.
    enum Result {
        /// Work that claims to be complete and may be judged.
        case work(ObjectID)
        case ended(IterationResult)
    }

    mutating func run() async throws -> Result {
        if let end = try await judgeBase() { return .ended(end) }
        try FaultPoint.baseJudged.reached()
        let workspace = try await prepare()
        try FaultPoint.workspacePrepared.reached()
        if let end = try await setUp(workspace) { return .ended(end) }
        try FaultPoint.workspaceSetUp.reached()
        let prompt = prompt(for: workspace)
        bench.write(prompt, to: .prompt, of: record)
        try FaultPoint.promptWritten.reached()
        guard !Task.isCancelled else { return .ended(cancelled()) }
        // Written down with its process, in one go.
        record.stage = .agent
        let finish = try await runAgent(prompt, in: workspace)
        try FaultPoint.agentEnded.reached()
        try enter(.snapshot)
        try FaultPoint.snapshotBegun.reached()
        let outbox = await bench.git.outbox(slot: Self.slot)
        let snapshot = try await bench.git.snapshot(
            SnapshotRequest(
                slot: Self.slot,
                iteration: record.id,
                base: record.base,
                kept: item.kept,
                rules: plan.workspaceRules
            )
        )
        try await keep(snapshot)
        try FaultPoint.snapshotDiffWritten.reached()
        let result = try await classify(finish, outbox, snapshot)
        // What was kept is written with the stage that it goes to, or with the end of the iteration.
        if case .work = result { try enter(.checks) }
        try FaultPoint.workNoted.reached()
        return result
    }

    mutating func enter(_ stage: Stage) throws {
        record.stage = stage
        try bench.history.save(iteration: record)
    }

    private mutating func judgeBase() async throws -> IterationResult? {
        guard let results = try await judge.judgeBase(record.base, record: record) else { return cancelled() }
        let broken = results.filter { $0.verdict == .broken }
        // The project's first: what holds all of them is no matter of this one.
        let projects = broken.first { judge.trouble($0) != nil }
        guard let broken = projects ?? broken.first else { return nil }
        var end = end(.checkBroken, judge.blame(broken))
        end.checks = results
        end.trouble = judge.trouble(broken)
        return end
    }

    private mutating func prepare() async throws -> PreparedWorkspace {
        let feedback = item.lastTry.map { Feedback(lastTry: $0, logs: lastLogs).text }
        return try await bench.git.prepare(
            slot: Self.slot,
            base: record.base,
            kept: item.kept,
            notes: WorkspaceNotes(
                prd: plan.prd,
                feedback: feedback,
                author: Prompt.authorFile(answer: item.answer, note: item.note)
            ),
            rules: plan.workspaceRules
        )
    }

    /// Log directories of the item's iterations before this one, the latest first: a limit or an outage can lie between this
    /// one and the one whose checks failed.
    private var lastLogs: [FilePath] {
        let last = try? bench.history.iterations(item: item.id, limit: Self.feedbackReach, before: record.id)
        let outcomes = [item.lastTry?.outcome, item.lastTry?.standing?.outcome]
        return (last ?? []).filter { outcomes.contains($0.outcome) }.map(bench.logDirectory)
    }

    private mutating func setUp(_ workspace: PreparedWorkspace) async throws -> IterationResult? {
        let setup = SetupRunner(bench: bench, plan: plan, mark: judge.mark)
        let result = await setup.run(
            in: workspace.directory,
            named: "workspace",
            commit: item.kept?.commit ?? record.base,
            isNew: workspace.isNew,
            record: record
        )
        guard let result else { return cancelled() }
        guard let result, result.verdict == .broken else { return nil }
        var end = end(.checkBroken, result.summary)
        end.checks = [result]
        end.trouble = judge.trouble(result)
        return end
    }

    private func prompt(for workspace: PreparedWorkspace) -> String {
        let checks = judge.checks.all.map { check in
            Prompt.KnownCheck(
                name: check.name,
                run: check.run,
                onBase: judge.onBase.first { $0.name == check.name },
                isItems: judge.checks.isItems(check.name)
            )
        }
        let prdName = plan.prdPath?.description ?? plan.prdFile.lastComponent?.string ?? "the PRD"
        var prompt = Prompt(
            project: plan.name,
            branch: Target.shortName(of: plan.target),
            base: workspace.base,
            timeout: timeout,
            item: item.item,
            checks: checks,
            protectedPaths: [prdName] + plan.protect + [".gitattributes", ".gitmodules"],
            tryNumber: item.strikes + 1,
            attempts: item.item.attributes.attempts ?? plan.settings.attempts
        )
        prompt.lastTry = item.lastTry
        prompt.answer = item.answer
        prompt.note = item.note
        prompt.isReviewed = plan.settings.review != nil
        switch workspace.start {
        case .base: break
        case .kept, .merged: prompt.kept = item.kept
        case .conflicted(let paths): prompt.conflicts = paths
        }
        return template?.text(for: prompt) ?? prompt.text
    }

    var timeout: Duration { item.item.attributes.timeout ?? plan.settings.timeout }

    private mutating func runAgent(_ prompt: String, in workspace: PreparedWorkspace) async throws
        -> AgentRun
        .Finish
    {
        let cli = try AgentCLI.named(agent.name, custom: plan.settings.customAgents)
        let run = AgentRun(
            choice: agent,
            cli: cli,
            program: plan.program(of: cli, from: bench.environment),
            containment: bench.containment(for: plan),
            directory: workspace.directory,
            logs: bench.logDirectory(record),
            timeout: timeout,
            idleTimeout: plan.settings.idleTimeout,
            meter: meter,
            mark: judge.mark,
            now: bench.now
        )
        secrets = Redaction(run.program.secrets)
        let (pulse, now) = (bench.pulse, bench.now)
        try FaultPoint.agentStarting.reached()
        pulse.agentStarted(now())
        defer { pulse.agentEnded(now()) }
        let finish = await run.run(
            prompt,
            variables: [
                "GIT_CEILING_DIRECTORIES": bench.git.ceilingDirectories,
                "RALPH_ITEM": item.item.key,
                "RALPH_STAGE": Stage.agent.rawValue,
                "RALPH_SLOT": String(Self.slot),
            ],
            onOutput: { pulse.beat(now()) },
            onStart: { [bench, record] identity in
                FaultPoint.agentStarted.passed()
                var running = record
                running.processID = identity.pid
                running.processStart = identity.startTime
                try? bench.history.save(iteration: running)
                FaultPoint.agentNoted.passed()
            }
        )
        note(finish)
        return finish
    }

    private mutating func note(_ finish: AgentRun.Finish) {
        let report = finish.report
        record.model = report.model
        record.sessionID = report.sessionID
        record.turns = report.turns
        record.toolCalls = report.toolCalls
        record.charge(
            meter.cost(of: Spending(report)),
            report.tokens,
            didWork: finish.didWork,
            putBy: record.reserved,
            at: bench.now()
        )
        record.summary = report.finalText.map { PlainText.cut(PlainText.inert($0), bytes: 2000) }
        switch finish.ending {
        case .exited(let code): record.exitCode = code
        case .signaled(let signal): record.signal = signal
        default: break
        }
        if case .rateLimited(let reset, _, _) = report.verdict { record.limitReset = reset }
    }

    private mutating func keep(_ snapshot: Snapshot) async throws {
        guard let (kept, diff) = try await bench.git.keptWork(of: snapshot, diffLimit: Self.longestDiff)
        else {
            return
        }
        record.kept = kept
        bench.write(secrets.clean(diff), to: .changes, of: record)
        leak = secrets.isAdded(by: diff)
    }
}
