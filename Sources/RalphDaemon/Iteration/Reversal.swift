import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD

/// Takes a landing back: a commit that reverts it, all but the PRD, goes through the project's checks and is landed like
/// any other. The intent is in the history under the iteration that landed, with a UUID of its own.
struct Reversal {
    let bench: Workbench
    let runner: IterationRunner
    let plan: ProjectPlan
    let item: ItemRecord
    let request: UndoRecord
    /// The iteration that landed.
    let row: IterationRecord

    private static let mostRebuilds = 10

    /// How a try ended.
    enum Ending: Sendable {
        /// The target no longer has the work. Nil when it had not before either.
        case reverted(ObjectID?)
        /// Tried again by itself.
        case waits(String)
        /// Nothing was changed.
        case failed(String)
        /// The daemon stops; the next life goes on.
        case interrupted
    }

    private enum Step {
        case ending(Ending)
        case rebuild
        case rebuildWithoutTick
    }

    func run() async -> Ending {
        do {
            return try await attempt()
        } catch {
            // A full disk takes no order away from anybody.
            return bench.storage.troubleAfterFailure() == nil ? .failed("\(error)") : .waits("\(error)")
        }
    }

    private func attempt() async throws -> Ending {
        if let ending = try await settleOpen() { return ending }
        var mayTickInCommit = true
        for _ in 0..<Self.mostRebuilds {
            guard case .found(let target) = try await bench.git.target(plan.target) else {
                return .failed("the branch \(plan.target) is gone")
            }
            if let busy = target.busy { return .waits(busy) }
            let tick = mayTickInCommit ? try await openBoxes(on: target) : nil
            let uuid = UUID().uuidString.lowercased()
            let candidate: Candidate
            switch try await bench.git.revert(revert(on: target, tick: tick, uuid: uuid)) {
            case .built(let built): candidate = built
            case .nothingToLand: return .reverted(nil)
            case .conflict(let paths, _): return .failed(conflict(paths))
            }
            // With the work gone already there is nothing to check, and the box is opened beside.
            if try await bench.git.changedPaths(target.tip, candidate.treeBeforeTick).isEmpty {
                return .reverted(nil)
            }
            if let ending = await check(candidate.commit, uuid: uuid) { return ending }
            switch try await land(candidate, uuid: uuid, tick: tick) {
            case .ending(let ending): return ending
            case .rebuild: continue
            case .rebuildWithoutTick: mayTickInCommit = false
            }
        }
        return .waits("\(plan.target) keeps moving")
    }

    private func revert(on target: Target, tick: PRDTick?, uuid: String) -> RevertRequest {
        RevertRequest(
            landed: request.landed,
            tip: target.tip,
            tick: tick,
            message: CandidateMessage(
                title: "Revert \"\(item.item.title)\"",
                summary: "This reverts commit \(request.landed).",
                item: item.item.key,
                iteration: uuid,
                agent: "undo"
            )
        )
    }

    /// The tip's PRD with the item's boxes open, where it may be committed.
    private func openBoxes(on target: Target) async throws -> PRDTick? {
        guard case .inCommit(let prd) = try await bench.git.tickPlan(prd: plan.prdFile, target: target),
            let open = Tick.open([plan.known.index], of: plan.known.items, in: prd.content),
            open != prd.content
        else { return nil }
        return PRDTick(path: prd.path, mode: prd.mode, content: open)
    }

    /// Nil when the project's checks are green without the work; the item's own are not asked, they are about it.
    private func check(_ commit: ObjectID, uuid: String) async -> Ending? {
        let checks: [Check]
        switch await runner.projectChecks(plan, base: commit) {
        case .success(let found): checks = found.checks
        case .failure(let trouble): return .waits(trouble.value.message)
        }
        var judge = Judge(
            bench: bench,
            plan: plan,
            checks: CheckPlan(project: checks, item: nil, shell: plan.settings.shell),
            item: nil,
            mark: "\(bench.markPrefix)/undo-\(uuid)"
        )
        do {
            guard let results = try await judge.judgeBase(commit, record: nil) else { return .interrupted }
            if Task.isCancelled { return .interrupted }
            let red = results.filter { !$0.verdict.isGreen }
            if red.isEmpty { return nil }
            let words = red.map { "\($0.name): \($0.summary)" }.joined(separator: ", ")
            return .failed(
                "without it the checks fail (\(words)), so nothing was changed: later work may build on it; undo that "
                    + "first, or git revert \(request.landed.short) by hand; output in \(bench.probeLogs)"
            )
        } catch {
            let words = "the checks could not run: \(error)"
            return bench.storage.troubleAfterFailure() == nil ? .failed(words) : .waits(words)
        }
    }

    private func conflict(_ paths: [String]) -> String {
        "later work changed the same lines of \(paths.prefix(5).joined(separator: ", ")), so nothing was changed: undo that "
            + "first, or git revert \(request.landed.short) by hand"
    }

    private func land(_ candidate: Candidate, uuid: String, tick: PRDTick?) async throws -> Step {
        let landing = LandingRequest(
            iteration: row.id,
            uuid: uuid,
            target: plan.target,
            expectedTip: candidate.parent,
            candidate: candidate.commit,
            tick: tick == nil ? .beside : .inCommit,
            prdPath: plan.prdPath
        )
        switch try await bench.git.prepareLanding(landing) {
        case .moved: return .rebuild
        case .inTheWay(let obstacles): return step(obstacles, hasTick: tick != nil)
        case .busy(let reason): return .ending(.waits(reason))
        case .hold(let reason): return .ending(.failed(reason))
        case .ready(let intent):
            try bench.history.openLanding(intent)
            return try await carryOut(intent, candidate, tick: tick)
        }
    }

    private func carryOut(_ intent: LandingIntent, _ candidate: Candidate, tick: PRDTick?) async throws
        -> Step
    {
        bench.gate.enter(item.id)
        let mark = bench.versions.mark(butFor: bench.gate.ownIndex)
        let result: LandingResult
        do {
            result = try await bench.git.carryOut(intent)
            bench.gate.leave(await bench.git.prdStand(plan.prdFile)?.index)
        } catch {
            bench.logger.error("an undo broke off", metadata: ["error": "\(error)", "item.id": "\(item.id)"])
            let recovery = try await bench.git.recoverLanding(intent)
            if recovery == .notLanded { bench.versions.drop(tick?.content, since: mark) }
            return .ending(try await settle(intent, recovery, candidate.commit))
        }
        if result != .landed { bench.versions.drop(tick?.content, since: mark) }
        switch result {
        case .landed:
            return .ending(
                try await settle(intent, .landed(commit: nil, isTickOwed: false), candidate.commit)
            )
        case .thrownAway: return .ending(try await settle(intent, .thrownAway, candidate.commit))
        case .moved:
            try bench.history.closeLanding(of: row.id)
            return .rebuild
        case .inTheWay(let obstacles):
            try bench.history.closeLanding(of: row.id)
            return step(obstacles, hasTick: tick != nil)
        case .busy(let reason):
            try bench.history.closeLanding(of: row.id)
            return .ending(.waits(reason))
        }
    }

    /// A landing of this undo that nobody could judge until now. Nil: there is none, or it did not land.
    private func settleOpen() async throws -> Ending? {
        let isItsOwn = { (intent: LandingIntent) in intent.iteration == row.id && intent.uuid != row.uuid }
        guard let intent = try bench.history.openLandings().first(where: isItsOwn) else { return nil }
        let recovery = try await bench.git.recoverLanding(intent)
        let ending = try await settle(intent, recovery, intent.candidate)
        return recovery == .notLanded ? nil : ending
    }

    private func settle(_ intent: LandingIntent, _ recovery: LandingRecovery, _ commit: ObjectID) async throws
        -> Ending
    {
        switch recovery {
        case .landed(let found, _):
            try bench.history.closeLanding(of: row.id, commit: found ?? commit)
            try? await bench.git.finishLanding(intent)
            return .reverted(found ?? commit)
        case .thrownAway:
            try bench.history.closeLanding(of: row.id)
            try? await bench.git.finishLanding(intent)
            return .failed("the commit that took it back was itself taken away meanwhile")
        case .notLanded:
            try bench.history.closeLanding(of: row.id)
            return .waits("the landing failed")
        case .undecidable(let reason): return .waits(reason)
        }
    }

    private func step(_ obstacles: Obstacles, hasTick: Bool) -> Step {
        if obstacles.isOnlyPRD, hasTick { return .rebuildWithoutTick }
        return .ending(
            .waits("your uncommitted work is in the way: \(obstacles.description); commit or move it")
        )
    }
}
