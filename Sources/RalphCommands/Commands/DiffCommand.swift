import ArgumentParser
import RalphAPI
import RalphCore

struct DiffCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What an iteration changed.",
        usage: "ralphctl diff ITEM|ITERATION [options]",
        discussion: """
            ITERATION is i17, stop/2 for an item's second one, or an item for its latest.

            Example: ralphctl diff stop
            """
    )

    @Argument(help: "The iteration, or its item.") var iteration: IterationReference
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let diff = try await context.project(global).read { try await $0.diff(iteration) }
        try context.console.show(["diff": diff]) { terminal in
            guard terminal.isInteractive else { return Text.lines(diff) }
            return diff.isEmpty ? [Text("it changed nothing")] : DiffScreen.lines(diff)
        }
        return .done
    }
}
