import Foundation
import Logging
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphProcess

/// Performs one iteration: opens its row, lets the agent take its turn, and settles what it made.
struct IterationRunner: Sendable {
    let bench: Workbench

    /// A whole iteration of an item.
    func run(
        _ item: ItemRecord,
        with agent: AgentChoice,
        _ allowance: Allowance,
        plan: ProjectPlan,
        cancel: CancelNote
    ) async -> IterationEnding {
        if let trouble = bench.storage.trouble() { return .notStarted(trouble) }
        let base: ObjectID
        FaultPoint.iterationClaimed.passed()
        do {
            switch try await bench.git.target(plan.target) {
            case .found(let target): base = target.tip
            case .hold(let reason): return .notStarted(RunMachine.Trouble(.repository, reason))
            }
        } catch {
            return .notStarted(RunMachine.Trouble(.repository, "the repository cannot be read: \(error)"))
        }
        let template: PromptTemplate?
        do throws(Failure) {
            template = try plan.promptFile.map { file throws(Failure) in try PromptTemplate.read(file) }
        } catch {
            return .notStarted(RunMachine.Trouble(.environment, error.message))
        }
        let checks: CheckPlan
        switch await projectChecks(plan, base: base) {
        case .success(let project):
            checks = CheckPlan(project: project.checks, item: item.item, shell: plan.settings.shell)
        case .failure(let trouble): return .notStarted(trouble.value)
        }
        do {
            let record = try begin(item, agent, allowance, plan: plan, base: base)
            FaultPoint.iterationBegun.passed()
            return await turnAndSettle(item, agent, allowance, plan, cancel, record, checks, template)
        } catch {
            return .notStarted(RunMachine.Trouble(.storage, "the history cannot be written: \(error)"))
        }
    }

    /// From the kept work of an open iteration on: after an obstacle was cleared, or after a crash between the agent's
    /// turn and the landing.
    /// - Parameter allowance: what it may spend, with what it spent already.
    func settle(
        _ item: ItemRecord,
        _ record: IterationRecord,
        _ allowance: Allowance,
        plan: ProjectPlan,
        cancel: CancelNote
    ) async -> IterationEnding {
        let agent = AgentChoice(name: record.agent, model: record.modelRequested)
        guard let work = record.kept?.commit else {
            return .ended(
                IterationResult(
                    item: item.id,
                    agent: agent,
                    outcome: .interrupted,
                    detail: "nothing was kept"
                ),
                record,
                closing: nil
            )
        }
        switch await projectChecks(plan, base: record.base) {
        case .failure(let trouble): return .notStarted(trouble.value)
        case .success(let project):
            let checks = CheckPlan(project: project.checks, item: item.item, shell: plan.settings.shell)
            let judge = judge(plan, checks, item, record)
            return await guarded(item, agent, record, cancel) {
                var settlement = Settlement(
                    bench: bench,
                    plan: plan,
                    item: item,
                    agent: agent,
                    allowance: allowance,
                    cancel: cancel,
                    record: record,
                    judge: judge,
                    work: work
                )
                if let ending = try await settlement.recoverOpenLanding() { return ending }
                if let obstacle = await settlement.standingObstacle() { return .parked(obstacle, record) }
                guard try await settlement.judge.judgeBase(record.base, record: record) != nil else {
                    return .parked(
                        RunMachine.Obstacle(reason: "stopped while checking", needsPerson: false),
                        record
                    )
                }
                return try await settlement.run()
            }
        }
    }

    /// Checks given or inferred, and where they come from.
    struct ProjectChecks: Sendable {
        var checks: [Check]
        var note: String
    }

    /// `RunMachine.Trouble` as an error, for `Result`.
    struct TroubleError: Error { var value: RunMachine.Trouble }

    func projectChecks(_ plan: ProjectPlan, base: ObjectID) async -> Result<ProjectChecks, TroubleError> {
        if case .refused(let reason) = bench.containment(for: plan) {
            let mend = "ralphctl doctor says more; or leave `sandbox` out of \(plan.prdFile)"
            return .failure(TroubleError(value: RunMachine.Trouble(.environment, "\(reason): \(mend)")))
        }
        if let given = plan.settings.checks {
            let names = given.map { "\($0.name): `\($0.run)`" }.joined(separator: ", ")
            return .success(
                ProjectChecks(
                    checks: given,
                    note: given.isEmpty ? "NONE, on purpose: nothing is checked" : names
                )
            )
        }
        let findings: [CheckInference.Finding]
        do {
            findings = try await inferred(base)
        } catch {
            return .failure(
                TroubleError(value: RunMachine.Trouble(.repository, "the base cannot be read: \(error)"))
            )
        }
        guard !findings.isEmpty else {
            return .failure(
                TroubleError(
                    value: RunMachine.Trouble(
                        .noChecks,
                        "no checks: write `checks: [your test command]` in the front matter of \(plan.prdFile), or "
                            + "`checks: []` for none on purpose"
                    )
                )
            )
        }
        let note = findings.map { "\($0.check.name): `\($0.check.run)` (inferred from \($0.source))" }
        return .success(ProjectChecks(checks: findings.map(\.check), note: note.joined(separator: ", ")))
    }

    private func inferred(_ base: ObjectID) async throws -> [CheckInference.Finding] {
        let top = try await bench.git.topLevel(of: base).map(\.description)
        var texts: [String: String] = [:]
        for name in CheckInference.filesToRead where top.contains(name) {
            texts[name] = try await bench.git.file(RepositoryPath(Array(name.utf8)), at: base).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return CheckInference.infer(topLevel: top) { texts[$0] }
    }

    /// What the iteration may cost is put by in its row, before anything of it runs.
    private func begin(
        _ item: ItemRecord,
        _ agent: AgentChoice,
        _ allowance: Allowance,
        plan: ProjectPlan,
        base: ObjectID
    ) throws -> IterationRecord {
        var start = IterationStart(
            item: item.id,
            uuid: UUID().uuidString.lowercased(),
            agent: agent,
            target: plan.target,
            base: base
        )
        start.reserved = allowance.reserved
        return try bench.history.begin(start)
    }

    /// What makes the base unfit to work on, for a probe; nil when it is fit.
    func judgeBase(_ base: ObjectID, checks: [Check], plan: ProjectPlan) async -> RunMachine.Trouble? {
        let probe = CheckPlan(project: checks, item: nil, shell: plan.settings.shell)
        var judge = Judge(
            bench: bench,
            plan: plan,
            checks: probe,
            item: nil,
            mark: "\(bench.markPrefix)/probe-\(UUID().uuidString)"
        )
        do {
            guard let results = try await judge.judgeBase(base, record: nil) else { return nil }
            if let broken = results.first(where: { $0.verdict == .broken }) { return judge.trouble(broken) }
            let red = results.filter { !$0.verdict.isGreen }.map(\.name)
            if red.isEmpty { return nil }
            return RunMachine.Trouble(
                .baseRed,
                "still failing without any change: " + red.joined(separator: ", ")
            )
        } catch {
            return RunMachine.Trouble(.repository, "the base cannot be checked: \(error)")
        }
    }

    private func judge(
        _ plan: ProjectPlan,
        _ checks: CheckPlan,
        _ item: ItemRecord,
        _ record: IterationRecord
    ) -> Judge {
        Judge(
            bench: bench,
            plan: plan,
            checks: checks,
            item: item,
            mark: "\(bench.markPrefix)/\(record.uuid)"
        )
    }

    private func turnAndSettle(
        _ item: ItemRecord,
        _ agent: AgentChoice,
        _ allowance: Allowance,
        _ plan: ProjectPlan,
        _ cancel: CancelNote,
        _ record: IterationRecord,
        _ checks: CheckPlan,
        _ template: PromptTemplate?
    ) async -> IterationEnding {
        let judge = judge(plan, checks, item, record)
        return await guarded(item, agent, record, cancel) {
            var turn = AgentTurn(
                bench: bench,
                plan: plan,
                item: item,
                agent: agent,
                meter: SpendingMeter(agent: agent, allowance: allowance, prices: plan.settings.prices),
                cancel: cancel,
                record: record,
                judge: judge,
                template: template
            )
            switch try await turn.run() {
            case .ended(let end): return .ended(end, turn.record, closing: nil)
            case .work(let work):
                var settlement = Settlement(
                    bench: bench,
                    plan: plan,
                    item: item,
                    agent: agent,
                    allowance: allowance,
                    cancel: cancel,
                    record: turn.record,
                    judge: turn.judge,
                    work: work
                )
                settlement.hasWorkspace = true
                return try await settlement.run()
            }
        }
    }

    /// What we could not do ourselves ends the iteration as `internal_error`, never the daemon; what the disk or a stop
    /// kept us from doing is no error of the item's.
    private func guarded(
        _ item: ItemRecord,
        _ agent: AgentChoice,
        _ record: IterationRecord,
        _ cancel: CancelNote,
        _ body: () async throws -> IterationEnding
    ) async -> IterationEnding {
        do {
            return try await body()
        } catch {
            bench.logger.error(
                "an iteration broke off",
                metadata: ["error": "\(error)", "iteration.id": "\(record.id)"]
            )
            var latest = (try? bench.history.iteration(record.id)).flatMap { $0 } ?? record
            if latest.stage == .agent {
                // What it came to was not written.
                latest.charge(.unknown, nil, didWork: true, putBy: latest.reserved, at: bench.now())
            }
            let trouble = bench.storage.troubleAfterFailure()
            let isDisk = (error as? Failure)?.code == .storage || trouble != nil
            let reason = cancel.said
            var end = IterationResult(
                item: item.id,
                agent: agent,
                outcome: reason?.outcome ?? (isDisk ? .interrupted : .internalError),
                detail: reason?.detail ?? "\(error)"
            )
            end.kept = latest.kept
            end.trouble = reason == nil ? trouble : nil
            return .ended(end, latest, closing: nil)
        }
    }
}
