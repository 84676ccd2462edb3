import ArgumentParser
import RalphAPI
import RalphAgents
import RalphCore
import RalphPRD
import SystemPackage

struct LogCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What an iteration's agent, or one of its checks, said.",
        usage: "ralphctl log ITEM|ITERATION [-f] [--check NAME] [--raw] [options]",
        discussion: """
            ITERATION is i17, stop/2 for an item's second one, or an item for its latest. In a pipe --raw gives the very \
            bytes. -f with an item goes on through its further tries until it is done or needs you.

            Example: ralphctl log stop -f
            """
    )

    @Argument(help: "The iteration, or its item.") var iteration: IterationReference
    @Flag(name: .shortAndLong, help: "Go on until the iteration, or the item, ends.") var follow = false
    @Option(help: "The log of this check.") var check: String?
    @Flag(help: "As it was written, not made readable.") var raw = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        if follow, check == nil, case .latest(let item) = iteration {
            let follower = LogFollower(item: item, isRaw: raw, project: project, context: context)
            let failure = try await follower.run { await agent(named: $0.agent, in: project.reading) }
            if let failure { try await print(log(in: project.history(after: failure)), in: context) }
        } else {
            try await print(project.read { try await log(in: $0) }, in: context)
        }
        return .done
    }

    private typealias Log = (cli: AgentCLI?, bytes: ByteStream)

    private func log(in reading: any ProjectReading) async throws -> Log {
        let file = check.map(LogFile.check) ?? .transcript
        let cli =
            check == nil && !raw
            ? await agent(named: try await reading.iteration(iteration).agent, in: reading) : nil
        return (cli, try await reading.log(iteration, LogQuery(file, follow: follow)))
    }

    private func print(_ log: Log, in context: CommandContext) async throws {
        let transcript = log.cli.map { TranscriptScreen(cli: $0, terminal: context.console.terminal) }
        try await LogPrinter(console: context.console, isRaw: raw, transcript: transcript).print(log.bytes)
    }

    /// Who wrote the transcript: one that is built in, or one that the PRD describes. Nil when neither is known any more;
    /// then its lines are shown as they are.
    private func agent(named name: String, in reading: any ProjectReading) async -> AgentCLI? {
        if let cli = try? AgentCLI.named(name) { return cli }
        guard let path = try? await reading.status().prd.path, let bytes = try? PRDFile.read(FilePath(path)),
            let document = try? PRD.parse(bytes)
        else { return nil }
        return try? AgentCLI.named(name, custom: document.settings.customAgents)
    }
}
