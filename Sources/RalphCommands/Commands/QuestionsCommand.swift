import ArgumentParser
import RalphAPI

struct QuestionsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "What agents asked and nobody answered yet.",
        usage: "ralphctl questions [options]",
        discussion: "Example: ralphctl questions"
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let questions = try await context.project(global).read { try await $0.questions() }
        try context.console.show(questions) { terminal in
            QuestionList.lines(questions, time: context.localTime(), terminal: terminal)
        }
        return .done
    }
}
