import ArgumentParser
import RalphAPI
import RalphCore

struct WatchCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "What happens, as it happens.",
        usage: "ralphctl watch [options]",
        discussion: """
            One line for each event, until the daemon stops. With --json one object a line.

            Example: ralphctl watch --json | jq --unbuffered -r .kind
            """
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        let daemon = project.doors.daemon(project.instance.socket)
        let events = try await daemon.events(after: nil)
        var screen = EventScreen(items: try await daemon.items(ItemQuery(states: Set(ItemState.allCases))))
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
