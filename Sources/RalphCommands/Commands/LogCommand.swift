import ArgumentParser
import RalphAPI
import RalphCore

struct LogCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What an iteration's agent, or one of its checks, said.",
        discussion: """
            ITERATION is i17, stop/2 for an item's second one, or an item for its latest. In a pipe --raw gives the very \
            bytes.

            Example: ralphctl log stop -f
            """
    )

    @Argument(help: "The iteration, or its item.") var iteration: IterationReference
    @Flag(name: .shortAndLong, help: "Go on until the iteration ends.") var follow = false
    @Option(help: "The log of this check.") var check: String?
    @Flag(help: "As it was written, not made readable.") var raw = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let file = check.map(LogFile.check) ?? .transcript
        let query = LogQuery(file, follow: follow)
        let bytes = try await context.project(global).read { try await $0.log(iteration, query) }
        try await LogPrinter(console: context.console, isRaw: raw).print(bytes)
        return .done
    }
}
