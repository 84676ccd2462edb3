import ArgumentParser
import RalphAPI

struct StatsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "The project in figures, by agent.",
        usage: "ralphctl stats [options]",
        discussion: "Example: ralphctl stats --json | jq .outcomes"
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let stats = try await context.project(global).read { try await $0.stats() }
        try context.console.show(stats) { StatsScreen(stats, terminal: $0).lines }
        return .done
    }
}
