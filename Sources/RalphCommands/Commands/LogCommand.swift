import ArgumentParser
import RalphAPI
import RalphAgents
import RalphCore

struct LogCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What an iteration's agent, or one of its checks, said.",
        usage: "ralphctl log ITEM|ITERATION [-f] [--check NAME] [--raw] [options]",
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
        let terminal = context.console.terminal
        let (agent, bytes) = try await context.project(global).read { reading in
            let agent = try await reading.iteration(iteration).agent
            return (agent, try await reading.log(iteration, query))
        }
        // An agent that the author described is not known here: its lines are shown as they are.
        let cli = check == nil ? try? AgentCLI.named(agent) : nil
        let transcript = cli.map { TranscriptScreen(cli: $0, terminal: terminal) }
        try await LogPrinter(console: context.console, isRaw: raw, transcript: transcript).print(bytes)
        return .done
    }
}
