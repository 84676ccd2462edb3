import ArgumentParser
import RalphAPI
import RalphCore

struct WaitCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until an item is done, or nothing is left to do.",
        usage: "ralphctl wait [ITEM] [--timeout TIME] [options]",
        discussion: """
            Exits 0 when it is done, 3 when only a person can go on, 1 when the time is up. A hold or a pause counts as \
            needing a person.

            Example: ralphctl wait stop --timeout 2h && notify-send "stop is done"
            """
    )

    @Argument(help: "The item; without it, all of them.") var item: ItemReference?
    @Option(help: "Wait at most so long: 90s, 10m, 1h30m.", transform: TimeSpan.read) var timeout: TimeSpan?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        let wait = Wait(item: item, project: project, clock: context.clock)
        if let end = try await race(wait, context.clock) {
            try show(end, in: context)
            return end.verdict
        }
        context.console.note("not done after \(Wording.duration(timeout?.duration ?? .zero)): still waiting")
        return .failed
    }

    /// Nil when the time was up first.
    private func race(_ wait: Wait, _ clock: any Clock<Duration>) async throws -> Wait.End? {
        guard let timeout else { return try await wait.run() }
        return try await withThrowingTaskGroup(of: Wait.End?.self) { group in
            group.addTask { try await wait.run() }
            group.addTask {
                try await clock.sleep(for: timeout.duration)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func show(_ end: Wait.End, in context: CommandContext) throws {
        switch end.subject {
        case .item(let item):
            try context.console.show(item) { _ in
                let (state, rest) = Self.words(item.state.rawValue, item.reason)
                return ["\("#\(item.key)", .strong) \(state, .of(item.state))\(rest)"]
            }
        case .project(let status):
            try context.console.show(status) { terminal in
                let width = terminal.width ?? 80
                let (state, rest) = Self.words(status.state.rawValue, status.reason)
                return ["\(status.project, .strong) \(state)\(rest)"]
                    + NeedsScreen(status.needsYou, time: context.localTime(), width: width).lines
            }
        }
    }

    /// A state and why; a reason that begins with the state's own word does not say it again.
    private static func words(_ state: String, _ reason: String?) -> (state: String, rest: String) {
        guard let reason else { return (state, "") }
        return (state, reason.hasPrefix(state) ? String(reason.dropFirst(state.count)) : ": \(reason)")
    }
}
