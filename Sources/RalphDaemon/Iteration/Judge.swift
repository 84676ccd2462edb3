import RalphCore
import RalphGit
import RalphHistory
import SystemPackage

/// Says whether a commit is green: by a receipt if the same checks passed on the same tree, else by running set-up and
/// checks in the verify directory.
struct Judge: Sendable {
    let bench: Workbench
    let plan: ProjectPlan
    let checks: CheckPlan
    /// Nil for a probe, which belongs to no item.
    let item: ItemRecord?
    let mark: String
    /// What the checks say of the base; filled by `judgeBase`.
    var onBase: [CheckResult] = []

    /// The name under which set-up is reported.
    static let setupName = "setup"

    init(bench: Workbench, plan: ProjectPlan, checks: CheckPlan, item: ItemRecord?, mark: String) {
        self.bench = bench
        self.plan = plan
        self.checks = checks
        self.item = item
        self.mark = mark
    }

    /// Learns how the checks do on the base, before anything is changed. Nil when it was cancelled.
    mutating func judgeBase(_ base: ObjectID, record: IterationRecord?) async throws -> [CheckResult]? {
        var results: [CheckResult] = []
        for group in [checks.project, checks.items] where !group.isEmpty {
            guard let part = try await run(group, on: base, receipt: base, record: record, subject: .base)
            else { return nil }
            results += part
        }
        onBase = results
        return results
    }

    /// The results of all checks on a candidate. Nil when it was cancelled. What is green is also what a base of this commit
    /// will say.
    func judge(
        _ commit: ObjectID,
        receipt: ObjectID,
        record: IterationRecord
    ) async throws -> [CheckResult]? {
        try await run(checks.all, on: commit, receipt: receipt, record: record, subject: .candidate)
    }

    /// Whether a result holds for ever. A red or flaky one says no more than how it was: what is wrong may lie outside the
    /// tree, so it is asked again. One that was not run, since no path of it changed, says what the base says.
    private func isLasting(_ result: CheckResult) -> Bool {
        guard result.verdict == .passed else { return false }
        return result.exitCode != nil || onBase.first { $0.name == result.name }?.verdict == .passed
    }

    /// Receipts for a candidate as the base of later iterations, which look for the project's and the item's apart.
    private func baseReceipts(_ commit: ObjectID, _ results: [CheckResult]) -> [Receipt] {
        guard results.allSatisfy(isLasting) else { return [] }
        return [checks.project, checks.items].filter { !$0.isEmpty }.map { group in
            let names = Set(group.map(\.name))
            return Receipt(
                tree: commit,
                checksHash: key(group),
                results: results.filter { names.contains($0.name) }
            )
        }
    }

    private func key(_ group: [Check]) -> String {
        CheckPlan.key(
            of: group,
            shell: checks.shell,
            setup: plan.settings.setup,
            variables: plan.settings.environment.map { "\($0)=\(bench.environment[$0] ?? "")" }
        )
    }

    private func run(
        _ group: [Check],
        on commit: ObjectID,
        receipt: ObjectID,
        record: IterationRecord?,
        subject: CheckSubject
    ) async throws -> [CheckResult]? {
        guard !group.isEmpty else { return [] }
        // A probe looks for itself: what it asks about may have changed outside the tree.
        if record != nil, let known = try bench.history.receipt(tree: receipt, checksHash: key(group)) {
            if subject == .candidate { try bench.history.save(receipts: baseReceipts(commit, known)) }
            return known
        }
        let place = try await bench.git.setVerify(
            to: commit,
            isClean: plan.settings.verify == .clean,
            rules: plan.workspaceRules
        )
        try FaultPoint.verifySet.reached()
        let setup = SetupRunner(bench: bench, plan: plan, mark: mark)
        let setUp = await setup.run(
            in: place.directory,
            named: "verify",
            commit: commit,
            isNew: place.isNew,
            record: record
        )
        guard let setUp else { return nil }
        if let setUp, !setUp.verdict.isGreen { return [setUp] }
        if setUp != nil { try await bench.git.trustVerifyLeftovers() }
        try FaultPoint.verifySetUp.reached()
        let changed = try await changedPaths(to: commit, record, subject)
        let site = CheckRunner.Site(
            directory: place.directory,
            logDirectory: record.map(bench.logDirectory) ?? bench.probeLogs,
            environment: environment(stage: subject == .base ? .preparing : .checks),
            changedPaths: changed,
            mark: mark
        )
        let runner = CheckRunner(
            shell: checks.shell,
            containment: bench.containment(for: plan),
            pulse: bench.pulse,
            now: bench.now
        )
        // If it lands, the next item begins with the candidate's tree.
        async let ready: Void = makeReady(subject == .candidate && record != nil ? commit : nil)
        let results = await runner.run(group, at: site)
        await ready
        guard let results else { return nil }
        try FaultPoint.checksRan.reached()
        // The target has a base: what its checks leave is as good as what a landed run leaves.
        if subject == .base { try await bench.git.trustVerifyLeftovers() }
        try save(results, of: group, on: commit, receipt: receipt, record: record, subject: subject)
        try FaultPoint.checksNoted.reached()
        return results
    }

    private func makeReady(_ commit: ObjectID?) async {
        guard let commit else { return }
        await bench.git.makeReady(slot: AgentTurn.slot, for: commit)
    }

    private func save(
        _ results: [CheckResult],
        of group: [Check],
        on commit: ObjectID,
        receipt: ObjectID,
        record: IterationRecord?,
        subject: CheckSubject
    ) throws {
        var receipts = subject == .candidate ? baseReceipts(commit, results) : []
        if results.allSatisfy(isLasting) {
            receipts.append(Receipt(tree: receipt, checksHash: key(group), results: results))
        }
        guard let record else { return try bench.history.save(receipts: receipts) }
        try bench.history.add(checks: results, for: record.id, subject: subject, receipts: receipts)
    }

    private func changedPaths(
        to commit: ObjectID,
        _ record: IterationRecord?,
        _ subject: CheckSubject
    ) async throws -> [String]? {
        guard let record, subject == .candidate, checks.all.contains(where: { !$0.paths.isEmpty }) else {
            return nil
        }
        return try await bench.git.changedPaths(record.base, commit).map(\.description)
    }

    private func environment(stage: Stage) -> [String: String] {
        var environment = CheckSurroundings.environment(bench: bench, plan: plan)
        environment["RALPH_ITEM"] = item?.item.key
        environment["RALPH_STAGE"] = stage.rawValue
        return environment
    }

    /// A check that could not start is the item's fault if it can on the base, and nobody's if it cannot there either.
    static func blame(
        _ results: [CheckResult],
        onBase: [CheckResult]
    ) -> (results: [CheckResult], broken: CheckResult?) {
        var judged = results
        for index in judged.indices where judged[index].verdict == .broken {
            let base = onBase.first { $0.name == judged[index].name }
            if base?.verdict == .broken { return (results, judged[index]) }
            judged[index].verdict = .failed
        }
        return (judged, nil)
    }

    /// The hold that a broken check of the project is; nil for the item's own, which is the item's matter.
    func trouble(_ broken: CheckResult) -> RunMachine.Trouble? {
        guard !checks.isItems(broken.name) else { return nil }
        return RunMachine.Trouble(
            .checkBroken,
            words(broken) + "; mend it and it goes on by itself, or ralphctl resume"
        )
    }

    /// What a broken check does to its iteration.
    func blame(_ broken: CheckResult) -> String {
        guard checks.isItems(broken.name) else { return broken.summary }
        return words(broken) + "; mend check= on its line, or ralphctl retry"
    }

    /// Names the check, the line and what the shell said.
    private func words(_ broken: CheckResult) -> String {
        let check = checks.all.first { $0.name == broken.name }
        let place = check?.line.map { " (\(plan.prdFile.lastComponent?.string ?? "PRD"):\($0))" } ?? ""
        let command = check.map { " `\($0.run)`" } ?? ""
        return "check \(broken.name)\(command)\(place) \(broken.summary), without the item's changes neither"
    }
}
