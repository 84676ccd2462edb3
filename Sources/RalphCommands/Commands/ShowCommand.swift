import ArgumentParser
import RalphAPI
import RalphCore

struct ShowCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One item with all that is known of it.",
        usage: "ralphctl show ITEM [options]",
        discussion: "Example: ralphctl show stop"
    )

    @Argument(help: "The item.") var item: ItemReference
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let view = try await context.project(global).read { try await $0.item(item) }
        try context.console.show(view) { terminal in
            ItemScreen(view: view, time: context.localTime(), terminal: terminal).lines
        }
        return .done
    }
}
