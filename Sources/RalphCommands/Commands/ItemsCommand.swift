import ArgumentParser
import RalphAPI
import RalphCore

struct ItemsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "items",
        abstract: "The items of the PRD and how each stands.",
        usage: "ralphctl items [--state STATE]... [options]",
        discussion: """
            In the order of the document; what was withdrawn from it is shown only when asked for.

            Example: ralphctl items --state blocked
            """
    )

    @Option(help: "Only items in this state; may be repeated.")
    var state: [ItemState] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let query = ItemQuery(states: Set(state))
        let items = try await context.project(global).read { try await $0.items(query) }
        try context.console.show(list: items) { ItemList.table(items).lines(for: $0) }
        return .done
    }
}
