import Foundation
import Logging
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphProcess
import Synchronization
import SystemPackage

/// The first half of an iteration: a fresh agent in a clean workspace, and what it made of it, kept in the store.
struct AgentTurn {
    let bench: Workbench
    let plan: ProjectPlan
    let item: ItemRecord
    let agent: AgentChoice
    let cancel: CancelNote
    var record: IterationRecord
    var judge: Judge

    /// One worker, one workspace.
    static let slot = 1
    /// An agent that dies this soon and says nothing did not fail at the item.
    private static let silentDeathTime: Duration = .seconds(5)
    private static let summaryBytes = 64 << 10
    private static let longestDiff = 4 << 20

    /// What the turn came to.
    enum Result {
        /// Work that claims to be complete and may be judged.
        case work(ObjectID)
        case ended(IterationResult)
    }

    mutating func run() async throws -> Result {
        if let end = try await judgeBase() { return .ended(end) }
        let workspace = try await prepare()
        if let end = try await setUp(workspace) { return .ended(end) }
        let prompt = prompt(for: workspace)
        bench.write(prompt, to: .prompt, of: record)
        guard !Task.isCancelled else { return .ended(cancelled()) }
        // Written down with its process, in one go.
        record.stage = .agent
        let finish = try await runAgent(prompt, in: workspace)
        try enter(.snapshot)
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
        let result = try await classify(finish, outbox, snapshot)
        // What was kept is written with the stage that it goes to, or with the end of the iteration.
        if case .work = result { try enter(.checks) }
        return result
    }

    private mutating func enter(_ stage: Stage) throws {
        record.stage = stage
        try bench.history.save(iteration: record)
    }

    private mutating func judgeBase() async throws -> IterationResult? {
        guard let results = try await judge.judgeBase(record.base, record: record) else { return cancelled() }
        guard let broken = results.first(where: { $0.verdict == .broken }) else { return nil }
        var end = end(.checkBroken, broken.summary)
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
            notes: WorkspaceNotes(prd: plan.prd, feedback: feedback),
            rules: plan.workspaceRules
        )
    }

    /// Log directory of the item's iteration before this one.
    private var lastLogs: FilePath? {
        guard let last = try? bench.history.iterations(item: item.id, limit: 2, before: record.id).first
        else { return nil }
        return bench.logDirectory(last)
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
            protectedPaths: [prdName] + plan.settings.protect,
            tryNumber: item.strikes + 1,
            attempts: item.item.attributes.attempts ?? plan.settings.attempts
        )
        prompt.lastTry = item.lastTry
        prompt.answer = item.answer
        prompt.note = item.note
        if workspace.start == .kept || workspace.start == .merged { prompt.kept = item.kept }
        return prompt.text
    }

    private var timeout: Duration { item.item.attributes.timeout ?? plan.settings.timeout }

    /// What the agent's process and stream came to.
    private struct Finish {
        var report: AgentReport
        var ending: ProcessEnding
        var duration: Duration
        var outputBytes: Int
    }

    private mutating func runAgent(_ prompt: String, in workspace: PreparedWorkspace) async throws -> Finish {
        let cli = try AgentCLI.named(agent.name, custom: plan.settings.customAgents)
        let logs = bench.logDirectory(record)
        let command = cli.command(
            for: AgentInvocation(
                prompt: prompt,
                promptFile: logs.appending(LogFile.prompt.fileName),
                model: agent.model
            )
        )
        let environment = environment(for: cli)
        guard let program = ProgramLookup.find(command.program, path: environment["PATH"] ?? "") else {
            return missing(command.program, path: environment["PATH"] ?? "")
        }
        var spec = ProcessSpec(
            program,
            command.arguments,
            environment: environment,
            directory: workspace.directory,
            timeout: timeout,
            mark: judge.mark
        )
        spec.input = command.input
        spec.idleTimeout = plan.settings.idleTimeout
        spec.watchedDirectory = workspace.directory
        spec.containment = bench.containment
        spec.log = LogSink(
            output: logs.appending(LogFile.transcript.fileName),
            errors: logs.appending(LogFile.errors.fileName)
        )
        let decoder = Mutex<any AgentDecoder>(cli.makeDecoder())
        let (pulse, now) = (bench.pulse, bench.now)
        let tree = await runTree(
            spec,
            onLine: { stream, line, isCut in
                pulse.beat(now())
                guard stream == .output else { return .go }
                return decoder.withLock { $0.read(line: line, isCut: isCut) } ? .finalFrameSeen : .go
            },
            onStart: { [bench, record] identity in
                var running = record
                running.processID = identity.pid
                running.processStart = identity.startTime
                try? bench.history.save(iteration: running)
            }
        )
        let report = decoder.withLock {
            $0.report(
                ending: AgentEnding(tree.ending),
                standardError: String(decoding: tree.errorTail, as: UTF8.self),
                now: now(),
                zone: .current
            )
        }
        note(report, tree)
        return Finish(
            report: report,
            ending: tree.ending,
            duration: tree.duration,
            outputBytes: tree.outputBytes + tree.errorBytes
        )
    }

    private func environment(for cli: AgentCLI) -> [String: String] {
        var environment = AgentEnvironment.agent(
            cli,
            from: bench.environment,
            settings: EnvironmentSettings(
                path: plan.path,
                names: plan.settings.environment,
                credentials: plan.credentials[cli.name] ?? [:],
                zone: .current,
                isRoot: geteuid() == 0
            )
        )
        environment["GIT_CEILING_DIRECTORIES"] = bench.git.ceilingDirectories
        environment["RALPH_ITEM"] = item.item.key
        environment["RALPH_STAGE"] = Stage.agent.rawValue
        environment["RALPH_SLOT"] = String(Self.slot)
        return environment
    }

    private func missing(_ program: String, path: String) -> Finish {
        let message = "no program \(program) on PATH (\(path)): install it, or set path:"
        return Finish(
            report: AgentReport(verdict: .missing(message)),
            ending: .couldNotStart(errno: ENOENT, message: message),
            duration: .zero,
            outputBytes: 0
        )
    }

    private mutating func note(_ report: AgentReport, _ tree: TreeResult) {
        record.model = report.model
        record.sessionID = report.sessionID
        record.turns = report.turns
        record.toolCalls = report.toolCalls
        record.tokens = report.tokens
        record.cost = report.cost
        record.summary = report.finalText.map { PlainText.cut(PlainText.inert($0), bytes: 2000) }
        switch tree.ending {
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
        bench.write(diff, to: .changes, of: record)
    }

    /// What wins, in order: a question, the agent's own failure, its own veto, paths that it may not touch, no change.
    private mutating func classify(_ finish: Finish, _ outbox: Outbox, _ snapshot: Snapshot) async throws
        -> Result
    {
        for note in outbox.notes {
            bench.logger.notice("an outbox file was ignored", metadata: ["outbox.note": "\(note)"])
        }
        if finish.ending == .cancelled { return .ended(cancelled()) }
        if case .question(let text) = outbox.word, finish.report.verdict.leavesWords {
            return .ended(end(.question, PlainText.cut(text, bytes: 4000)))
        }
        if let end = failure(finish) { return .ended(end) }
        if case .notDone(let text) = outbox.word { return .ended(end(.incomplete, text)) }
        if !snapshot.refused.isEmpty {
            return .ended(
                end(.protectedPath, snapshot.refused.prefix(10).map(\.description).joined(separator: "; "))
            )
        }
        if case .alreadyDone(let text) = outbox.word, snapshot.isEmpty { return .ended(alreadyDone(text)) }
        if snapshot.isEmpty {
            var end = end(.noChange, "the agent changed nothing")
            end.hiddenFiles = try await bench.git.hiddenFiles(slot: Self.slot)
            return .ended(end)
        }
        if case .summary(let text) = outbox.word {
            record.summary = PlainText.cut(text, bytes: Self.summaryBytes)
        } else {
            record.summary = nil
        }
        return .work(snapshot.commit)
    }

    private func failure(_ finish: Finish) -> IterationResult? {
        let last =
            finish.report.lastTool.map { " while running \(PlainText.cut(PlainText.line($0), bytes: 200))" }
            ?? ""
        // A CLI that waited for its provider until our deadline, or that had finished before it, is judged by its report.
        if !finish.report.verdict.isExplainedByDeadline { return byVerdict(finish) }
        switch finish.ending {
        case .timedOut: return end(.timedOut, "stopped after \(timeout.words)" + last)
        case .stalled: return end(.stalled, "no sign of life for \(plan.settings.idleTimeout.words)" + last)
        default: return byVerdict(finish)
        }
    }

    private func byVerdict(_ finish: Finish) -> IterationResult? {
        switch finish.report.verdict {
        case .finished: return nil
        case .failed(let text):
            var end = end(.agentFailed, text)
            end.isSilentDeath = finish.outputBytes == 0 && finish.duration < Self.silentDeathTime
            return end
        case .turnsExhausted: return end(.turnsExhausted, "it used all its turns")
        case .contextOverflow: return end(.contextOverflow, "its context was full")
        case .budgetExhausted: return end(.budgetExhausted, "its budget was used up")
        case .rateLimited(let reset, let model, let said):
            var end = end(.rateLimited, said ?? "\(agent.name) hit its usage limit")
            end.limitReset = reset
            end.limitedModel = model
            return end
        case .unavailable(let text): return end(.unavailable, text)
        case .authFailed(let text): return end(.authFailed, text)
        case .billing(let text): return end(.billing, text)
        case .missing(let text): return end(.agentMissing, text)
        }
    }

    /// True without a person only if the item's own check is green before anything was changed.
    private func alreadyDone(_ text: String) -> IterationResult {
        var end = end(.alreadyDone, PlainText.cut(text, bytes: 2000))
        let own = judge.onBase.filter { judge.checks.isItems($0.name) }
        let isGreen = judge.onBase.allSatisfy(\.verdict.isGreen)
        end.isProved = isGreen && !own.isEmpty
        end.isTickOwed = end.isProved
        if !isGreen {
            end.outcome = .noChange
            end.detail = "the agent says that it is done already, but the checks are red on the branch"
        }
        return end
    }

    private func end(_ outcome: Outcome, _ detail: String?) -> IterationResult {
        var end = IterationResult(item: item.id, agent: agent, outcome: outcome, detail: detail)
        end.model = record.model
        end.kept = record.kept
        return end
    }

    private func cancelled() -> IterationResult {
        let reason = cancel.said ?? CancelNote.Reason(outcome: .interrupted, detail: "the daemon stopped")
        return end(reason.outcome, reason.detail)
    }
}

extension AgentReport.Verdict {
    /// Whether a deadline that ended the process is the better account of what happened.
    fileprivate var isExplainedByDeadline: Bool {
        switch self {
        case .failed, .turnsExhausted, .contextOverflow, .budgetExhausted, .missing: true
        case .finished, .rateLimited, .unavailable, .authFailed, .billing: false
        }
    }

    /// Whether what lies in the outbox can be the agent's considered word.
    fileprivate var leavesWords: Bool {
        switch self {
        case .finished, .failed, .turnsExhausted, .contextOverflow, .budgetExhausted: true
        case .rateLimited, .unavailable, .authFailed, .billing, .missing: false
        }
    }
}

extension AgentEnding {
    fileprivate init(_ ending: ProcessEnding) {
        self =
            switch ending {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            case .couldNotStart(_, let message): .couldNotStart(message)
            case .timedOut, .stalled, .cancelled, .finishedEarly: .stopped
            }
    }
}
