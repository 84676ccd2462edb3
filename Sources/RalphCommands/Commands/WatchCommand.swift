import ArgumentParser
import RalphAPI
import RalphCore
import SystemPackage

struct WatchCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "What happens, as it happens.",
        usage: "ralphctl watch [options]",
        discussion: """
            On a terminal the status, kept up to date, and below it what happens; q ends it. In a pipe one line for each \
            event, until the daemon stops, or with --json one object.

            Example: ralphctl watch --json | jq --unbuffered -r .kind
            """
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        let events = try await project.reading.events(after: nil)
        let items = try await project.reading.items(ItemQuery(states: Set(ItemState.allCases)))
        if context.console.isScreen, context.environment["TERM"] ?? "dumb" != "dumb" {
            let terminal = try LiveTerminal(
                input: .standardInput,
                output: .standardOutput,
                style: context.console.terminal
            )
            defer { terminal.close() }
            try await LiveWatch(project: project, context: context, terminal: terminal).run(
                events,
                items: items
            )
            return .done
        }
        var screen = EventScreen(items: items)
        for try await event in events {
            guard try show(event, on: &screen, in: context) else { return .done }
        }
        context.console.note("the daemon of \(project.instance.name) has stopped")
        return .done
    }

    /// False once nobody reads any more.
    private func show(_ event: EventView, on screen: inout EventScreen, in context: CommandContext) throws
        -> Bool
    {
        if context.console.wantsJSON { return try context.console.show(jsonLine: event) }
        return try context.console.show([screen.line(event, time: context.localTime())])
    }
}
