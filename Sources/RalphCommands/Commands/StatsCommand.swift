import ArgumentParser
import RalphAPI

struct StatsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "The project in figures: what landed, and what it cost.",
        usage: "ralphctl stats [--by item|day|agent|model|outcome] [options]",
        discussion: """
            Without --by: all of it, and each agent. With it: a line for each, the dearest \
            first; days, the newest first.

            Example: ralphctl stats --by day
            """
    )

    /// By what iterations are taken together.
    enum Group: String, CaseIterable, ExpressibleByArgument {
        case item, day, agent, model, outcome
    }

    @Option(help: "Take iterations together by this.") var by: Group?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let stats = try await context.project(global).read { try await $0.stats() }
        guard let by else {
            try context.console.show(stats) { StatsScreen(stats, terminal: $0).lines }
            return .done
        }
        let rows = by.rows(of: stats)
        try context.console.show(rows) { FigureTable.table(rows, by: by).lines(for: $0) }
        return .done
    }
}

extension StatsCommand.Group {
    func rows(of stats: StatsView) -> [FiguresView] {
        switch self {
        case .item: stats.by.item
        case .day: stats.by.day
        case .agent: stats.by.agent
        case .model: stats.by.model
        case .outcome: stats.by.outcome
        }
    }
}
