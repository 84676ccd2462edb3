import ArgumentParser
import RalphCore
import RalphPRD
import SystemPackage

struct PRDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prd",
        abstract: "Look at a PRD as the daemon would.",
        usage: "ralphctl prd check [FILE] [options]",
        discussion: "Example: ralphctl prd check",
        subcommands: [Check.self]
    )

    struct Check: ContextCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "The plan: what will run in which order, and what will not.",
            usage: "ralphctl prd check [FILE] [options]",
            discussion: """
                Needs no daemon and runs nothing. Without FILE it is the PRD of the project that is meant, else the one \
                that ralphd would take here, or at the top of the repository. Exits 1 when there are errors.

                Example: ralphctl prd check docs/prd.md
                """
        )

        @Argument(help: "The PRD; else the project's.") var file: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: CommandContext) async throws -> CommandEnd {
            let directory = context.directory
            let path =
                try file.map { path throws(Failure) in try PRDFile.find(path, in: directory) }
                ?? PRDFile.find(global, environment: context.environment, in: directory)
            let check = PRDCheck(try PRDFile.read(path))
            try context.console.show(check) { terminal in
                PRDCheckScreen(
                    check: check,
                    name: file ?? Wording.path(path.string, in: directory.string),
                    terminal: terminal
                )
                .lines
            }
            return check.problems.contains { $0.severity == .error } ? .failed : .done
        }
    }
}
