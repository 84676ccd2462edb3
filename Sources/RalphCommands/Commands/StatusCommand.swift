import ArgumentParser
import RalphAPI

struct StatusCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What it is doing, why, and what needs you.",
        usage: "ralphctl status [options]",
        discussion: """
            The answer first, then why, what is next and what it cost; last what only a person can do, with the command \
            that does it. Exits 3 when something needs a person.

            Example: ralphctl status --json | jq .needs_you
            """
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let status = try await context.project(global).read { try await $0.status() }
        try context.console.show(status) { terminal in
            StatusScreen(status, time: context.localTime(), terminal: terminal).lines
        }
        return status.needsYou.isEmpty ? .done : .needsPerson
    }
}
