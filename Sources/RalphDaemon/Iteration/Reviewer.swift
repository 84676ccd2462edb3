import Foundation
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphProcess

/// Another agent's look at work that is green: it can keep it from landing, and approves nothing.
///
/// It works in a directory of its own, of which only its verdict is read.
struct Reviewer {
    /// What a review came to.
    enum Verdict: Equatable {
        case noObjection
        case findings(String)
        /// It gave no verdict, for a reason that is not the work's.
        case none(RunMachine.Obstacle)
        case cancelled
    }

    let bench: Workbench
    let plan: ProjectPlan
    let item: ItemRecord
    let settings: ReviewSettings
    let mark: String

    /// Beside the workspace of the iteration.
    static let slot = AgentTurn.slot + 1
    private static let findingBytes = 16 << 10

    /// Runs one review, and adds what it spent to the row.
    /// - Parameter whole: what the iteration may spend, with what it spent already.
    func review(
        _ question: ReviewPrompt.Question,
        base: ObjectID,
        passed: [String],
        within whole: Allowance,
        _ record: inout IterationRecord
    ) async throws -> Verdict {
        let allowance = whole.left(after: Bill(of: record).charge)
        if let scope = allowance.exhausted { return .none(.noMoney(for: settings.agent, of: scope)) }
        if let obstacle = try rest() { return .none(obstacle) }
        var work: KeptWork?
        if case .work(let kept, _) = question { work = kept }
        let workspace = try await bench.git.prepare(
            slot: Self.slot,
            base: work?.base ?? base,
            kept: work,
            notes: WorkspaceNotes(prd: plan.prd),
            rules: plan.workspaceRules
        )
        let prompt = ReviewPrompt(
            project: plan.name,
            branch: Target.shortName(of: plan.target),
            timeout: settings.timeout,
            item: item.item,
            question: question,
            passed: passed
        ).text
        bench.setAside([.review, .reviewErrors, .reviewPrompt], of: record)
        bench.write(prompt, to: .reviewPrompt, of: record)
        record.reserved = allowance.putBy(like: record.reserved)
        let meter = SpendingMeter(agent: settings.agent, allowance: allowance, prices: plan.settings.prices)
        let finish = try await run(prompt, in: workspace, meter, record)
        try charge(finish, meter, to: &record)
        if finish.ending == .cancelled || Task.isCancelled { return .cancelled }
        return await verdict(finish, meter)
    }

    /// The reviewer's limit, where it is known already: it is not asked for the sake of another refusal.
    private func rest() throws -> RunMachine.Obstacle? {
        let names = [settings.agent.name, settings.agent.modelName]
        let asleep = try bench.history.agents().first {
            names.contains($0.name) && $0.state == .asleep && $0.until.map { $0 > bench.now() } ?? false
        }
        return asleep.map {
            .review(
                by: settings.agent,
                $0.message ?? "its usage limit is reached",
                until: $0.until,
                lack: .rest
            )
        }
    }

    private func run(
        _ prompt: String,
        in workspace: PreparedWorkspace,
        _ meter: SpendingMeter,
        _ record: IterationRecord
    )
        async throws
        -> AgentRun.Finish
    {
        let cli = try AgentCLI.named(settings.agent.name, custom: plan.settings.customAgents)
        let run = AgentRun(
            choice: settings.agent,
            cli: cli,
            program: plan.program(of: cli, from: bench.environment),
            containment: bench.containment(for: plan),
            directory: workspace.directory,
            logs: bench.logDirectory(record),
            files: .review,
            timeout: settings.timeout,
            idleTimeout: plan.settings.idleTimeout,
            meter: meter,
            mark: mark,
            now: bench.now
        )
        let (pulse, now) = (bench.pulse, bench.now)
        return await run.run(
            prompt,
            variables: [
                "GIT_CEILING_DIRECTORIES": bench.git.ceilingDirectories,
                "RALPH_ITEM": item.item.key,
                "RALPH_STAGE": Stage.review.rawValue,
                "RALPH_SLOT": String(Self.slot),
            ],
            onOutput: { pulse.beat(now()) },
            onStart: { [bench, record] identity in
                var running = record
                running.processID = identity.pid
                running.processStart = identity.startTime
                try? bench.history.save(iteration: running)
            }
        )
    }

    private func charge(_ finish: AgentRun.Finish, _ meter: SpendingMeter, to record: inout IterationRecord)
        throws
    {
        record.charge(
            meter.cost(of: Spending(finish.report)),
            finish.report.tokens,
            didWork: finish.didWork,
            putBy: record.reserved,
            at: bench.now()
        )
        record.processID = nil
        record.processStart = nil
        try bench.history.save(iteration: record)
    }

    private func verdict(_ finish: AgentRun.Finish, _ meter: SpendingMeter) async -> Verdict {
        let outbox = await bench.git.outbox(slot: Self.slot)
        let cli = try? AgentCLI.named(settings.agent.name, custom: plan.settings.customAgents)
        let program = cli.map { plan.program(of: $0, from: bench.environment) }
        let secrets = Redaction(program?.secrets ?? plan.credentials.secrets)
        // Findings count also where it broke off after them: they name what anybody can look at.
        if case .notDone(let text) = outbox.word {
            return .findings(PlainText.cut(secrets.clean(text), bytes: Self.findingBytes))
        }
        if finish.ending == .stopped || finish.report.verdict == .budgetExhausted {
            let words = meter.account(of: Spending(finish.report)).words
            return .none(.review(by: settings.agent, words, until: nil))
        }
        guard case .finished = finish.report.verdict else { return .none(obstacle(finish)) }
        if case .summary = outbox.word { return .noObjection }
        return .none(.review(by: settings.agent, "it left no verdict", until: nil))
    }

    private func obstacle(_ finish: AgentRun.Finish) -> RunMachine.Obstacle {
        switch finish.report.verdict {
        case .rateLimited(let reset, let model, let said):
            return .review(
                by: settings.agent,
                said ?? "its usage limit is reached",
                until: reset,
                sleeper: settings.agent.sleeper(limitedModel: model)
            )
        case .authFailed(let text), .billing(let text), .missing(let text):
            return .review(by: settings.agent, text, until: nil, lack: .mending)
        case .unavailable(let text), .failed(let text):
            return .review(by: settings.agent, text, until: nil)
        case .finished, .contextOverflow, .turnsExhausted, .budgetExhausted:
            return .review(by: settings.agent, "it came to no end", until: nil)
        }
    }
}
