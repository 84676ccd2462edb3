import ArgumentParser
import RalphAPI
import RalphCore

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
