import ArgumentParser
import RalphAPI
import RalphCore

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
