import ArgumentParser
import RalphAPI
import RalphCore

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
