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
                Needs no daemon and runs nothing. Exits 1 when there are errors.

                Example: ralphctl prd check docs/prd.md
                """
        )

        @Argument(help: "The PRD; else the one that ralphd would take here.") var file: String?
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: CommandContext) async throws -> CommandEnd {
            let path = try PRDFile.find(file, in: context.directory)
            let check = PRDCheck(try PRDFile.read(path))
            try context.console.show(check) { terminal in
                PRDCheckScreen(
                    check: check,
                    name: file ?? path.lastComponent?.string ?? path.string,
                    terminal: terminal
                )
                .lines
            }
            return check.problems.contains { $0.severity == .error } ? .failed : .done
        }
    }
}
