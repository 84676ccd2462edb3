import Foundation
import Logging
import RalphAPI
import RalphCore
import RalphHistory
import RalphReport
import SystemPackage

/// Runs the host's `notify:` commands once for each thing that needs a person, when it begins to: what `ralphctl status` lists,
/// and exits 3 for. What was told is in the history, so that a restart tells nothing again; it is told anew when it was over in
/// between. A command that fails is tried again with one of the next events, as long as the need stands.
actor Notifier {
    private let bench: Workbench
    private let report: HistoryReport
    private let project: String
    /// Those in force.
    private let commands: @Sendable () async -> [String]
    private var lastLook: Task<Void, Never>?
    private var failedAt: Date?

    private static let timeout: Duration = .seconds(60)
    /// Told one by one at a look; of more, only how many they are.
    private static let mostAtOnce = 5
    private static let messageBytes = 1000
    /// Seconds after a failure before the commands are run again.
    private static let pause = 60.0

    init(bench: Workbench, project: String, commands: @escaping @Sendable () async -> [String]) {
        self.bench = bench
        self.project = project
        self.commands = commands
        report = HistoryReport(history: bench.history, stateDirectory: bench.state, now: bench.now)
    }

    /// Looks at once and with every event, until it is cancelled.
    func watch() async {
        let events = bench.history.newEvents()
        await look()
        for await _ in events { await look() }
    }

    /// One look after the other; cancelling it ends the command that runs.
    func look() async {
        let before = lastLook
        let next = Task {
            await before?.value
            await tellNew()
        }
        lastLook = next
        await withTaskCancellationHandler {
            await next.value
        } onCancel: {
            next.cancel()
        }
    }

    private func tellNew() async {
        let commands = await commands()
        guard !commands.isEmpty, !Task.isCancelled else { return }
        if let failedAt, bench.now().timeIntervalSince(failedAt) < Self.pause { return }
        do {
            let needs = try await report.needs()
            let told = try bench.history.notified()
            let standing = Set(needs.map(Self.identity))
            if !told.isSubset(of: standing) { try bench.history.saveNotified(told.intersection(standing)) }
            var known = told.intersection(standing)
            let new = needs.filter { !known.contains(Self.identity($0)) }
            for (index, need) in new.enumerated() {
                let isLast = index == Self.mostAtOnce
                let rest = isLast ? Array(new[index...]) : [need]
                if let trouble = await tell(rest, by: commands) {
                    guard !Task.isCancelled else { return }
                    failedAt = bench.now()
                    bench.logger.error("nobody could be notified", metadata: ["reason": "\(trouble)"])
                    return
                }
                known.formUnion(rest.map(Self.identity))
                try bench.history.saveNotified(known)
                if isLast { break }
            }
            failedAt = nil
        } catch {
            bench.logger.warning("nobody was notified", metadata: ["reason": "\(error)"])
        }
    }

    private func tell(_ needs: [NeedView], by commands: [String]) async -> String? {
        guard let first = needs.first else { return nil }
        var variables = [
            "RALPH_PROJECT": project, "RALPH_KIND": first.kind.rawValue, "RALPH_ITEM": first.key ?? "",
            "RALPH_TITLE": PlainText.line(first.title ?? ""),
            "RALPH_MESSAGE": PlainText.cut(PlainText.line(first.message), bytes: Self.messageBytes),
            "RALPH_DO": first.action,
        ]
        if needs.count > 1 {
            variables["RALPH_MESSAGE"] = "\(needs.count) more things need you"
            variables["RALPH_DO"] = "ralphctl status"
            for key in ["RALPH_ITEM", "RALPH_TITLE"] { variables[key] = "" }
        }
        let run = HostCommands(
            bench: bench,
            key: "notify",
            commands: commands,
            timeout: Self.timeout,
            log: bench.state.appending("notify.log")
        )
        return await run.run(variables, mark: "notify")
    }

    /// What makes it the same need as at the last look. An instant is of its beginning; the PRD's errors are one.
    private static func identity(_ need: NeedView) -> String {
        let item = need.item.map { "\($0)" } ?? ""
        if need.kind == .prd { return need.kind.rawValue }
        let beginning =
            need.since.map { "\(Int64(($0.timeIntervalSince1970 * 1000).rounded()))" } ?? need.message
        return "\(need.kind.rawValue) \(item) \(beginning)"
    }
}
