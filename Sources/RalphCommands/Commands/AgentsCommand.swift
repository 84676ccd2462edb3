import ArgumentParser
import RalphAPI
import RalphCore

struct AgentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "The agents and whether they can take items.",
        usage: "ralphctl agents [list | retry NAME] [options]",
        discussion: "Example: ralphctl agents retry claude",
        subcommands: [List.self, Retry.self],
        defaultSubcommand: List.self
    )

    struct List: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Show them.",
            usage: "ralphctl agents list [options]",
            discussion: "Example: ralphctl agents --json"
        )

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: CommandContext) async throws -> CommandEnd {
            let agents = try await context.project(global).read { try await $0.agents() }
            try context.console.show(agents) { terminal in
                AgentScreen.table(agents, time: context.localTime()).lines(for: terminal)
            }
            return .done
        }
    }

    struct Retry: SteeringCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Wake one that sleeps or is set aside.",
            usage: "ralphctl agents retry NAME [options]",
            discussion: "Example: ralphctl agents retry claude"
        )

        @Argument(help: "Its name, or agent:model.") var name: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func steer(_ project: any ProjectSteering) async throws -> ActionView {
            try await project.retryAgent(name)
        }
    }
}
