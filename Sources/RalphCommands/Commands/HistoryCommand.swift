import ArgumentParser
import RalphAPI
import RalphCore

struct HistoryCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "The iterations, newest first.",
        usage: "ralphctl history [--item ITEM] [--limit N] [options]",
        discussion: "Example: ralphctl history --item stop --limit 5"
    )

    @Option(help: "Only those of this item.") var item: ItemReference?
    @Option(help: "How many at most.") var limit = IterationQuery.defaultLimit
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        let iterations = try await project.read { try await pages(of: $0) }
        try context.console.show(iterations) { terminal in
            HistoryList.table(iterations, time: context.localTime()).lines(for: terminal)
        }
        return .done
    }

    /// A page at a time: what one answer may hold is bounded, what a person may ask for is not.
    private func pages(of reading: any ProjectReading) async throws -> [IterationView] {
        var found: [IterationView] = []
        while found.count < limit {
            let size = min(limit - found.count, IterationQuery.largestLimit)
            let page = try await reading.iterations(
                IterationQuery(item: item, limit: size, before: found.last?.id)
            )
            found += page
            if page.count < size { break }
        }
        return found
    }
}
