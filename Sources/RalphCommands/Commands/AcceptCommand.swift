import ArgumentParser
import RalphAPI
import RalphCore

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
