import ArgumentParser
import RalphAPI
import RalphCore

struct AnswerCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer an agent's question.",
        usage: "ralphctl answer NUMBER TEXT [options]",
        discussion: """
            The item goes on with the answer. ralphctl questions lists the open ones with their numbers.

            Example: ralphctl answer 12 "one array"
            """
    )

    @Argument(help: "Number of the question.") var number: Int64
    @Argument(help: "The answer.") var text: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView {
        try await project.answer(QuestionID(number), text: text)
    }
}
