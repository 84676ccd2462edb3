import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import SystemPackage

/// The second half of an iteration, from kept work to the target: candidate, checks, landing. It needs nothing of
/// the first half but the row, so a restart or a cleared obstacle can begin here.
struct Settlement {
    let bench: Workbench
    let plan: ProjectPlan
    let item: ItemRecord
    let agent: AgentChoice
    /// What the iteration may spend, with what it spent already.
    let allowance: Allowance
    let cancel: CancelNote
    var record: IterationRecord
    var judge: Judge
    /// Commit with the work, and what it was made on.
    var work: ObjectID
    /// Whether the agent's directory is still as it left it.
    var hasWorkspace = false
    /// A reviewer had nothing against it, or there is none.
    private(set) var isReviewed = false

    /// How often a moving target is followed before the item is put back in line.
    private static let mostRebuilds = 10

    /// To the end, or to an obstacle.
    mutating func run() async throws -> IterationEnding {
        // A landing that was begun is past its review.
        isReviewed = record.stage == .landing
        var mayTickInCommit = true
        for _ in 0..<Self.mostRebuilds {
            guard case .found(let target) = try await bench.git.target(plan.target) else {
                return .parked(
                    obstacle("the branch \(plan.target) is gone: make it again", needsPerson: true),
                    record
                )
            }
            if let busy = target.busy { return .parked(obstacle(busy, needsPerson: false), record) }
            let tick = mayTickInCommit ? try await tick(on: target) : nil
            let built = try await build(on: target, tick: tick)
            guard case .built(let candidate) = built else {
                return try await endWithoutCandidate(built, target: target)
            }
            try FaultPoint.candidateBuilt.reached()
            record.candidate = candidate.commit
            record.tree = candidate.treeBeforeTick
            if let ending = try await check(candidate) { return ending }
            if let ending = try await review() { return ending }
            switch try await land(candidate, tick: tick) {
            case .ending(let ending): return ending
            case .rebuild: continue
            case .rebuildWithoutTick: mayTickInCommit = false
            }
        }
        return .ended(end(.conflict, "\(plan.target) kept moving"), record, closing: nil)
    }

    /// What is in the way of a landing that was tried before, while it is still there: nothing has to be checked for that.
    func standingObstacle() async -> RunMachine.Obstacle? {
        guard record.stage == .landing, let candidate = record.candidate,
            case .found(let target)? = try? await bench.git.target(plan.target)
        else { return nil }
        if let busy = target.busy { return obstacle(busy, needsPerson: false) }
        let request = LandingRequest(
            iteration: record.id,
            uuid: record.uuid,
            target: plan.target,
            expectedTip: target.tip,
            candidate: candidate,
            tick: .beside,
            prdPath: plan.prdPath
        )
        // One that was built on another tip has to be built anew first.
        guard let found = try? await bench.git.obstacles(to: request), !found.isOnlyPRD else { return nil }
        return inTheWay(found)
    }

    private enum LandingStep {
        case ending(IterationEnding)
        case rebuild
        case rebuildWithoutTick
    }

    private func tick(on target: Target) async throws -> PRDTick? {
        guard case .inCommit(let prd) = try await bench.git.tickPlan(prd: plan.prdFile, target: target) else {
            return nil
        }
        guard case .ticked(let ticked) = Tick.finish(plan.known.index, of: plan.known.items, in: prd.content)
        else {
            return nil
        }
        return PRDTick(path: prd.path, mode: prd.mode, content: ticked.bytes)
    }

    private func build(on target: Target, tick: PRDTick?) async throws -> CandidateResult {
        try await bench.git.candidate(
            CandidateRequest(
                base: record.base,
                work: work,
                tip: target.tip,
                tick: tick,
                message: CandidateMessage(
                    title: item.item.title,
                    summary: record.summary,
                    item: item.item.key,
                    iteration: record.uuid,
                    agent: agent.description
                )
            )
        )
    }

    /// The work conflicts with the tip, or the tip has all of it.
    private mutating func endWithoutCandidate(_ result: CandidateResult, target: Target) async throws
        -> IterationEnding
    {
        guard case .conflict(let paths, let diff) = result else {
            if let ending = try await checkTree(commit: target.tip, receipt: target.tip) { return ending }
            var end = end(.landed, "the branch has this work already")
            end.commit = target.tip
            end.isTickOwed = true
            record.commit = target.tip
            return .ended(end, record, closing: nil)
        }
        bench.write(diff, to: .changes, of: record)
        return .ended(
            end(.conflict, "conflicts in " + paths.prefix(5).joined(separator: ", ")),
            record,
            closing: nil
        )
    }

    private mutating func check(_ candidate: Candidate) async throws -> IterationEnding? {
        try await checkTree(commit: candidate.commit, receipt: candidate.treeBeforeTick)
    }

    /// Nil when all checks are green on the commit.
    private mutating func checkTree(commit: ObjectID, receipt: ObjectID) async throws -> IterationEnding? {
        try enter(.checks)
        try FaultPoint.checksBegun.reached()
        guard
            let results = try await judge.judge(commit, receipt: receipt, record: record)
        else {
            return cancelled()
        }
        let verdict = Judge.blame(results, onBase: judge.onBase)
        if let broken = verdict.broken {
            var end = end(.checkBroken, judge.blame(broken))
            end.checks = results
            end.trouble = judge.trouble(broken)
            return .ended(end, record, closing: nil)
        }
        let failed = verdict.results.filter { !$0.verdict.isGreen }
        guard failed.isEmpty else {
            var end = end(.checksFailed, failed.map { "\($0.name): \($0.summary)" }.joined(separator: ", "))
            end.checks = verdict.results
            end.failingOnBase = judge.onBase.filter { !$0.verdict.isGreen }.map(\.name)
            if hasWorkspace {
                end.hiddenFiles = (try? await bench.git.hiddenFiles(slot: AgentTurn.slot)) ?? []
            }
            end.signature = FailureSignature.of(verdict.results)
            record.signature = end.signature
            return .ended(end, record, closing: nil)
        }
        return Task.isCancelled ? cancelled() : nil
    }

    /// Nil when nobody objects. What was reviewed is the work itself: it is not asked about again when the branch moves.
    private mutating func review() async throws -> IterationEnding? {
        guard let settings = plan.settings.review, !isReviewed, let kept = record.kept else { return nil }
        try enter(.review)
        let reviewer = Reviewer(bench: bench, plan: plan, item: item, settings: settings, mark: judge.mark)
        let verdict = try await reviewer.review(
            .work(kept, summary: record.summary),
            base: record.base,
            passed: judge.checks.all.map(\.name),
            within: allowance,
            &record
        )
        switch verdict {
        case .noObjection:
            isReviewed = true
            try enter(.landing)
            return nil
        case .findings(let text): return .ended(end(.reviewRejected, text), record, closing: nil)
        case .none(let obstacle): return .parked(obstacle, record)
        case .cancelled: return cancelled()
        }
    }

    private mutating func land(_ candidate: Candidate, tick: PRDTick?) async throws -> LandingStep {
        let hasTick = tick != nil
        let request = LandingRequest(
            iteration: record.id,
            uuid: record.uuid,
            target: plan.target,
            expectedTip: candidate.parent,
            candidate: candidate.commit,
            tick: hasTick ? .inCommit : .beside,
            prdPath: plan.prdPath
        )
        switch try await bench.git.prepareLanding(request) {
        case .moved: return .rebuild
        case .inTheWay(let obstacles):
            try enter(.landing)
            return step(obstacles, hasTick: hasTick)
        case .busy(let reason):
            try enter(.landing)
            return .ending(.parked(obstacle(reason, needsPerson: false), record))
        case .hold(let reason):
            try enter(.landing)
            return .ending(.parked(obstacle(reason, needsPerson: true), record))
        case .ready(let intent):
            try FaultPoint.landingPrepared.reached()
            record.stage = .landing
            try bench.history.openLanding(intent, of: record)
            try FaultPoint.landingIntended.reached()
            return try await carryOut(intent, candidate, tick: tick)
        }
    }

    private mutating func carryOut(_ intent: LandingIntent, _ candidate: Candidate, tick: PRDTick?)
        async throws -> LandingStep
    {
        let checkout = intent.gitDirectory.map { FilePath($0) }
        if let checkout { await letGitFinish(in: checkout) }
        bench.gate.enter(item.id)
        let hasTick = tick != nil
        let mark = bench.versions.mark(butFor: bench.gate.ownIndex)
        let result: LandingResult
        do {
            result = try await bench.git.carryOut(intent)
            bench.gate.leave(await bench.git.prdStand(plan.prdFile)?.index)
            bench.gate.leaveTarget(checkout.flatMap { CheckoutStand($0).index })
            try FaultPoint.landingCarriedOut.reached()
        } catch {
            return try await recoverAtOnce(intent, error, tick: tick, mark)
        }
        if result != .landed { bench.versions.drop(tick?.content, since: mark) }
        switch result {
        case .landed, .thrownAway:
            let isIn = result == .landed
            // An author may untick the box before anybody has read it ticked.
            if isIn, let tick { bench.versions.insert(tick.content, at: mark) }
            try? await bench.git.trustVerifyLeftovers()
            return .ending(landed(candidate.commit, intent, isTickOwed: isIn && !hasTick))
        case .moved:
            try bench.history.closeLanding(of: intent.iteration)
            return .rebuild
        case .inTheWay(let obstacles):
            try bench.history.closeLanding(of: intent.iteration)
            return step(obstacles, hasTick: hasTick)
        case .busy(let reason):
            try bench.history.closeLanding(of: intent.iteration)
            return .ending(.parked(obstacle(reason, needsPerson: false), record))
        }
    }

    /// A stash is several steps, between which git holds no lock: a branch that moved under it would be taken for changes of
    /// its user's.
    private func letGitFinish(in checkout: FilePath) async {
        let deadline = ContinuousClock.now + .seconds(2)
        while CheckoutStand(checkout).isSettling(butFor: bench.gate.ownTargetIndex),
            ContinuousClock.now < deadline, !Task.isCancelled
        {
            try? await ContinuousClock().sleep(for: .milliseconds(20))
        }
    }

    /// The landing broke in the middle: ask the world what became of it.
    private mutating func recoverAtOnce(
        _ intent: LandingIntent,
        _ error: any Error,
        tick: PRDTick?,
        _ mark: Int
    ) async throws -> LandingStep {
        bench.logger.error(
            "a landing broke off",
            metadata: ["error": "\(error)", "iteration.id": "\(record.id)"]
        )
        if let ending = try await recover(intent) { return .ending(ending) }
        bench.versions.drop(tick?.content, since: mark)
        var obstacle = obstacle("the landing failed: \(error)", needsPerson: false)
        obstacle.trouble = bench.storage.troubleAfterFailure()
        return .ending(.parked(obstacle, record))
    }

    /// A landing of this iteration that nobody could judge until now. Nil: there is none, or it did not land.
    mutating func recoverOpenLanding() async throws -> IterationEnding? {
        guard let intent = try bench.history.openLandings().first(where: { $0.uuid == record.uuid }) else {
            return nil
        }
        return try await recover(intent)
    }

    /// Nil when it did not land, and may be begun again.
    private mutating func recover(_ intent: LandingIntent) async throws -> IterationEnding? {
        switch try await bench.git.recoverLanding(intent) {
        case .landed(let commit, let isTickOwed):
            return landed(commit ?? intent.candidate, intent, isTickOwed: isTickOwed)
        case .thrownAway: return landed(intent.candidate, intent, isTickOwed: false)
        case .notLanded:
            try bench.history.closeLanding(of: intent.iteration)
            return nil
        case .undecidable(let reason): return .parked(obstacle(reason, needsPerson: true), record)
        }
    }

    private mutating func landed(_ commit: ObjectID, _ intent: LandingIntent, isTickOwed: Bool)
        -> IterationEnding
    {
        record.commit = commit
        var end = end(.landed, nil)
        end.commit = commit
        end.isTickOwed = isTickOwed
        return .ended(end, record, closing: intent)
    }

    private func step(_ obstacles: Obstacles, hasTick: Bool) -> LandingStep {
        if obstacles.isOnlyPRD, hasTick { return .rebuildWithoutTick }
        return .ending(.parked(inTheWay(obstacles), record))
    }

    private func inTheWay(_ obstacles: Obstacles) -> RunMachine.Obstacle {
        obstacle(
            "your uncommitted work is in the way: \(obstacles.description); commit or move it",
            needsPerson: true
        )
    }

    private mutating func enter(_ stage: Stage) throws {
        guard record.stage != stage else { return }
        record.stage = stage
        try bench.history.save(iteration: record)
    }

    private func obstacle(_ reason: String, needsPerson: Bool) -> RunMachine.Obstacle {
        RunMachine.Obstacle(reason: reason, needsPerson: needsPerson)
    }

    private func end(_ outcome: Outcome, _ detail: String?) -> IterationResult {
        var end = IterationResult(item: item.id, agent: agent, outcome: outcome, detail: detail)
        end.model = record.model
        end.kept = record.kept
        return end
    }

    private func cancelled() -> IterationEnding {
        let reason = cancel.said ?? CancelNote.Reason(outcome: .interrupted, detail: "the daemon stopped")
        return .ended(end(reason.outcome, reason.detail), record, closing: nil)
    }
}
