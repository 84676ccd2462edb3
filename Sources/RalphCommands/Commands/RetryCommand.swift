import ArgumentParser
import RalphAPI
import RalphCore

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

    func validate() throws {
        if let note, note.allSatisfy(\.isWhitespace) {
            throw ValidationError("--note is empty: say what the next agent has to know, or leave it out")
        }
    }

    func steer(_ project: any ProjectSteering) async throws -> ActionView {
        try await project.retry(item, note: note, fresh: fresh)
    }
}
