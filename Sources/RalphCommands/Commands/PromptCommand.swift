import ArgumentParser
import RalphAPI
import RalphCore

struct PromptCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "What the agent of an iteration was told.",
        usage: "ralphctl prompt ITEM|ITERATION [options]",
        discussion: """
            ITERATION is i17, stop/2 for an item's second one, or an item for its latest.

            Example: ralphctl prompt stop/1
            """
    )

    @Argument(help: "The iteration, or its item.") var iteration: IterationReference
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let prompt = try await context.project(global).read { try await $0.prompt(iteration) }
        try context.console.show(["prompt": prompt]) { _ in Text.lines(prompt) }
        return .done
    }
}
