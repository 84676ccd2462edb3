import RalphCore
import RalphGit

/// Asks the world whether what made the project hold is still so.
struct Prober: Sendable {
    let bench: Workbench
    let runner: IterationRunner
    let plan: ProjectPlan

    /// Nil when the project may go on.
    func trouble(of kind: Hold.Kind) async -> RunMachine.Trouble? {
        // The environment is probed by the next iteration itself; it holds again if that dies as the others did.
        if kind == .environment || kind == .storage { return nil }
        let trouble = kind == .repository ? bench.storage.troubleAfterFailure() : bench.storage.trouble()
        if let trouble { return trouble }
        do {
            switch try await bench.git.target(plan.target) {
            case .hold(let reason): return RunMachine.Trouble(.repository, reason)
            case .found(let target): return kind == .repository ? nil : await checks(on: target.tip, kind)
            }
        } catch {
            return RunMachine.Trouble(.repository, "the repository cannot be read: \(error)")
        }
    }

    private func checks(on base: ObjectID, _ kind: Hold.Kind) async -> RunMachine.Trouble? {
        switch await runner.projectChecks(plan, base: base) {
        case .failure(let trouble): return trouble.value
        case .success(let project):
            guard kind != .noChecks else { return nil }
            return await runner.judgeBase(base, checks: project.checks, plan: plan)
        }
    }
}
