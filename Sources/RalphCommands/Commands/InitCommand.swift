import ArgumentParser
import RalphCore
import SystemPackage

struct InitCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set a project up in this repository.",
        usage: "ralphctl init [PRD] [--name NAME] [--system] [options]",
        discussion: """
            Finds your PATH, the agents with their logins, the checks and the PRD; writes the host's file, and an example \
            PRD where there is none; prints what it wrote, the plan and the next commands. What is there is not changed. \
            --system, as root, also makes the system's unit run as the repository's owner.

            Example: ralphctl init && ralphctl doctor
            """
    )

    @Argument(help: "The PRD; else the one that is there, else a new PRD.md.") var prd: String?
    @Option(help: "Name of the project; else the PRD's, else the directory's.") var name: String?
    @Flag(help: "For a unit of the system, not of your own.") var system = false
    /// How `--system` asks the repository's owner.
    @Flag(help: .hidden) var onlyLook = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        if !system { try SystemUnit.assertOwn(context.directory) }
        let view = try system ? systemUnit(context).run() : initialization(context).run()
        let check = PRDCheck(try PRDFile.read(FilePath(view.prd.path)))
        try context.console.show(InitAnswer(view: view, plan: check)) { terminal in
            InitScreen(view: view, check: check, terminal: terminal).lines
        }
        return .done
    }

    private func initialization(_ context: CommandContext) -> Initialization {
        var initialization = Initialization(
            environment: context.environment,
            directory: context.directory,
            prd: prd,
            name: name ?? global.project,
            stateDirectory: global.stateDir,
            socket: global.socket
        )
        initialization.writesConfig = !onlyLook
        return initialization
    }

    private func systemUnit(_ context: CommandContext) -> SystemUnit {
        let named = (name ?? global.project).map { ["--name", $0] } ?? []
        return SystemUnit(
            environment: context.environment,
            directory: context.directory,
            arguments: (prd.map { [$0] } ?? []) + named
        )
    }
}
