import ArgumentParser
import RalphAPI
import RalphCore

struct AgentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "The agents and whether they can take items.",
        usage: "ralphctl agents [list | retry NAME | test NAME] [options]",
        discussion: "Example: ralphctl agents retry claude",
        subcommands: [List.self, Retry.self, Test.self],
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

    struct Test: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Make one tiny real run of an agent, and tell what came of it.",
            usage: "ralphctl agents test NAME [options]",
            discussion: """
                The run has the environment and the login that an item's would have, in an empty directory outside the
                repository. It costs what one short answer costs. Works without a daemon too.

                Example: ralphctl agents test claude
                """
        )

        @Argument(help: "Its name, or agent:model.") var name: String
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: CommandContext) async throws -> CommandEnd {
            let view = try await view(in: context)
            try context.console.show(view) { terminal in
                AgentTestScreen(view: view, time: context.localTime()).lines(for: terminal)
            }
            return view.isGood ? .done : .failed
        }

        /// Nil where none has run yet: what would run here is tried then.
        private func project(in context: CommandContext) throws(Failure) -> Project? {
            do throws(Failure) {
                return try context.project(global)
            } catch {
                if error.code == .noDaemon { return nil }
                throw error
            }
        }

        private func view(in context: CommandContext) async throws -> AgentTestView {
            let project = try project(in: context)
            do {
                if let project { return try await project.steer { try await $0.testAgent(name) } }
            } catch let failure as Failure where failure.code == .noDaemon {
                // Nobody runs. Then ralphd itself is asked, as it would be configured.
            }
            return try DaemonProgram(environment: context.environment).testAgent(
                name,
                of: project?.instance,
                in: context.directory
            )
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
