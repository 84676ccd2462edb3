import ArgumentParser
import RalphAPI
import RalphCore

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
