import ArgumentParser
import RalphAPI
import RalphCore

/// A command that makes the daemon do something and says what it did.
protocol SteeringCommand: ContextCommand {
    func steer(_ project: any ProjectSteering) async throws -> ActionView
}

extension SteeringCommand {
    func run(in context: CommandContext) async throws -> CommandEnd {
        let answer = try await context.project(global).steer { try await steer($0) }
        try context.console.show(answer) { _ in Text.lines(answer.message) }
        return .done
    }
}

struct PauseCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Start nothing more.",
        usage: "ralphctl pause [--now] [options]",
        discussion: """
            What runs is finished first; with --now it is stopped and its work kept.

            Example: ralphctl pause --now
            """
    )

    @Flag(help: "Stop what runs, too.") var now = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView {
        try await project.pause(now: now)
    }
}

struct ResumeCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a pause or a hold.",
        usage: "ralphctl resume [options]",
        discussion: "Example: ralphctl resume"
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView { try await project.resume() }
}

struct RetryCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Open an item again, with fresh strikes.",
        usage: "ralphctl retry ITEM [--note TEXT] [--fresh] [options]",
        discussion: """
            It goes on from the work that was kept, unless --fresh is given. The note is told to the next agent.

            Example: ralphctl retry json --note "an empty file is an empty array"
            """
    )

    @Argument(help: "The item.") var item: ItemReference
    @Option(help: "What the next agent is told.") var note: String?
    @Flag(help: "Start anew instead of from the kept work.") var fresh = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView {
        try await project.retry(item, note: note, fresh: fresh)
    }
}

struct SkipCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Pass an item by until it is retried.",
        usage: "ralphctl skip ITEM [options]",
        discussion: "Example: ralphctl skip json"
    )

    @Argument(help: "The item.") var item: ItemReference
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView { try await project.skip(item) }
}

struct AcceptCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Take an item that waits for your word as done.",
        usage: "ralphctl accept ITEM [options]",
        discussion: "Example: ralphctl accept licence"
    )

    @Argument(help: "The item.") var item: ItemReference
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView { try await project.accept(item) }
}

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

struct AddCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Append an item to the PRD.",
        usage: "ralphctl add TEXT [options]",
        discussion: "Example: ralphctl add \"`tally week` prints a total {after=start}\""
    )

    @Argument(help: "The item, as it would stand behind its box.") var text: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func steer(_ project: any ProjectSteering) async throws -> ActionView { try await project.add(text) }
}
