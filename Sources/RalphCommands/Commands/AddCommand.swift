import ArgumentParser
import RalphAPI
import RalphCore

struct AddCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Write an item into the PRD.",
        usage: "ralphctl add TEXT [--section S] [--after ITEM] [options]",
        discussion: """
            Without a place it goes below the last item that is to be run. It starts when its turn comes, like any other.

            Example: ralphctl add "`tally week` prints a total" --after start
            """
    )

    @Argument(help: "The item, as it would stand behind its box.") var text: String
    @Option(help: "Title, path (\"Plan > Output\") or id of the heading that it goes under.") var section:
        String?
    @Option(help: "The item that it goes right below, and waits for.") var after: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard section == nil || after == nil else {
            throw ValidationError("--section and --after are two places: leave one out")
        }
    }

    func steer(_ project: any ProjectSteering) async throws -> ActionView {
        try await project.add(AddRequest(text: text, section: section, after: after))
    }
}
