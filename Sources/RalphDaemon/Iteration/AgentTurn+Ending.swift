import Logging
import RalphAgents
import RalphCore
import RalphGit
import RalphProcess

/// What an agent's turn came to.
extension AgentTurn {
    /// An agent that dies this soon and says nothing did not fail at the item.
    private static let silentDeathTime: Duration = .seconds(5)
    private static let summaryBytes = 64 << 10
    private static let leakWords =
        "the files hold a credential that was given to the agent; take it out of them"

    /// What wins, in order: a question, the agent's own failure, its own veto, paths that it may not touch, no change.
    mutating func classify(_ finish: AgentRun.Finish, _ outbox: Outbox, _ snapshot: Snapshot) async throws
        -> Result
    {
        for note in outbox.notes {
            bench.logger.notice("an outbox file was ignored or cut", metadata: ["outbox.note": "\(note)"])
        }
        if finish.ending == .cancelled { return .ended(cancelled()) }
        if case .question(let text) = outbox.word, finish.report.verdict.leavesWords {
            return .ended(end(.question, PlainText.cut(secrets.clean(text), bytes: 4000)))
        }
        if let end = failure(finish) { return .ended(end) }
        if case .notDone(let text) = outbox.word { return .ended(end(.incomplete, secrets.clean(text))) }
        if leak {
            var end = end(.protectedPath, Self.leakWords)
            end.isLeak = true
            return .ended(end)
        }
        if !snapshot.refused.isEmpty {
            return .ended(
                end(.protectedPath, snapshot.refused.prefix(10).map(\.description).joined(separator: "; "))
            )
        }
        if case .alreadyDone(let text) = outbox.word, snapshot.isEmpty {
            return .ended(try await alreadyDone(secrets.clean(text)))
        }
        if snapshot.isEmpty {
            var end = end(.noChange, outbox.word == .none ? "it left no note" : "it left only a note")
            end.hiddenFiles = try await bench.git.hiddenFiles(slot: Self.slot)
            return .ended(end)
        }
        if case .summary(let text) = outbox.word {
            record.summary = PlainText.cut(secrets.clean(text), bytes: Self.summaryBytes)
        } else {
            record.summary = nil
        }
        return .work(snapshot.commit)
    }

    private func failure(_ finish: AgentRun.Finish) -> IterationResult? {
        let last =
            finish.report.lastTool.map { " while running \(PlainText.cut(PlainText.line($0), bytes: 200))" }
            ?? ""
        if finish.ending == .stopped { return overBudget(finish.report) }
        // A CLI that waited for its provider until our deadline, or that had finished before it, is judged by its report.
        if !finish.report.verdict.isExplainedByDeadline { return byVerdict(finish) }
        switch finish.ending {
        case .timedOut: return end(.timedOut, "stopped after \(timeout.words)" + last)
        case .stalled where finish.outputBytes == 0:
            let words = "it never said a word, and was ended after \(finish.duration.rounded.words)"
            guard cli?.waitsSilently == true else { return end(.stalled, words) }
            return end(
                .unavailable,
                words + "; \(agent.name) says nothing while its provider is limited or down"
            )
        case .stalled: return end(.stalled, "no sign of life for \(plan.settings.idleTimeout.words)" + last)
        default: return byVerdict(finish)
        }
    }

    private func byVerdict(_ finish: AgentRun.Finish) -> IterationResult? {
        switch finish.report.verdict {
        case .finished: return nil
        case .failed(let text):
            var end = end(.agentFailed, text)
            end.isSilentDeath = finish.outputBytes == 0 && finish.duration < Self.silentDeathTime
            end.isInstantFailure = !finish.report.hasStream && finish.duration < Self.silentDeathTime
            return end
        case .turnsExhausted: return end(.turnsExhausted, "it used all its turns")
        case .contextOverflow: return end(.contextOverflow, "its context was full")
        case .budgetExhausted: return overBudget(finish.report)
        case .rateLimited(let reset, let model, let said):
            var end = end(.rateLimited, said ?? "\(agent.name) hit its usage limit")
            end.limitReset = reset
            end.limitedModel = model
            return end
        case .unavailable(let text): return end(.unavailable, text)
        case .authFailed(let text): return end(.authFailed, text + advice)
        case .billing(let text): return end(.billing, text)
        case .missing(let text): return end(.agentMissing, text)
        }
    }

    /// Not the item's fault when it was the day's or the project's money that ran out under it.
    private func overBudget(_ report: AgentReport) -> IterationResult {
        let account = meter.account(of: Spending(report))
        var end = end(.budgetExhausted, account.words)
        end.isExcused = account.scope == .day || account.scope == .total
        return end
    }

    /// True without a person only if the item's own check is green before anything was changed, or a reviewer agrees.
    private mutating func alreadyDone(_ text: String) async throws -> IterationResult {
        guard judge.onBase.allSatisfy(\.verdict.isGreen) else {
            return end(
                .noChange,
                "the agent says that it was done already, but checks are red on the branch; make them green"
            )
        }
        var end = end(.alreadyDone, PlainText.cut(text, bytes: 2000))
        if judge.onBase.contains(where: { judge.checks.isItems($0.name) }) {
            end.isProved = true
        } else if let settings = plan.settings.review {
            switch try await review(text, settings) {
            case .noObjection: end.isProved = true
            case .findings(let findings): return self.end(.reviewRejected, findings)
            case .none(let obstacle): end.detail = (end.detail ?? "") + "\n(\(obstacle.reason))"
            case .cancelled: return cancelled()
            }
        }
        end.isTickOwed = end.isProved
        return end
    }

    private mutating func review(_ evidence: String, _ settings: ReviewSettings) async throws
        -> Reviewer.Verdict
    {
        try enter(.review)
        let reviewer = Reviewer(bench: bench, plan: plan, item: item, settings: settings, mark: judge.mark)
        return try await reviewer.review(
            .alreadyDone(evidence),
            base: record.base,
            passed: judge.checks.all.map(\.name),
            within: meter.allowance,
            &record
        )
    }

    func end(_ outcome: Outcome, _ detail: String?) -> IterationResult {
        var end = IterationResult(item: item.id, agent: agent, outcome: outcome, detail: detail)
        end.model = record.model
        end.kept = record.kept
        return end
    }

    func cancelled() -> IterationResult {
        let reason = cancel.said ?? CancelNote.Reason(outcome: .interrupted, detail: "the daemon stopped")
        return end(reason.outcome, reason.detail)
    }

    private var cli: AgentCLI? { try? AgentCLI.named(agent.name, custom: plan.settings.customAgents) }

    /// How to log in, for whoever reads why the agent is set aside.
    private var advice: String { (cli?.login?.advice).map { "; log in with \($0)" } ?? "" }
}

extension AgentReport.Verdict {
    /// Whether a deadline that ended the process is the better account of what happened.
    fileprivate var isExplainedByDeadline: Bool {
        switch self {
        case .failed, .turnsExhausted, .contextOverflow, .budgetExhausted, .missing: true
        case .finished, .rateLimited, .unavailable, .authFailed, .billing: false
        }
    }

    /// Whether the agent was kept from working, through nothing that it did.
    fileprivate var isRefusal: Bool {
        switch self {
        case .rateLimited, .unavailable, .authFailed, .billing, .missing: true
        case .finished, .failed, .turnsExhausted, .contextOverflow, .budgetExhausted: false
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

extension Duration {
    /// To whole seconds, for people.
    fileprivate var rounded: Duration { .seconds(max(1, components.seconds)) }
}

extension AgentReport {
    /// Whether the agent had begun to tell what it does.
    var hasStream: Bool { hasWork || sessionID != nil || turns != nil }

    /// Whether there is something that only a model can have made.
    fileprivate var hasWork: Bool { toolCalls > 0 || finalText != nil || tokens?.total ?? 0 > 0 }
}

extension AgentRun.Finish {
    /// Whether a model was asked, or may have been. That a refused one began its stream, or waited until it was ended, is no
    /// work: some print that a session has started before they ask for anything.
    var didWork: Bool { report.verdict.isRefusal ? report.hasWork : report.hasStream || ending.isOurs }
}

extension ProcessEnding {
    /// We ended it while it may have been at work.
    fileprivate var isOurs: Bool {
        switch self {
        case .timedOut, .stalled, .cancelled, .stopped: true
        case .exited, .signaled, .finishedEarly, .couldNotStart: false
        }
    }
}
