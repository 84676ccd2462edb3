import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import RalphProcess
import SystemPackage

/// One tiny real run of an agent, in a directory of its own outside the repository, to see whether it could work: the same
/// program, environment, login and reading of its output as in an iteration.
struct AgentTrial {
    var settings: ProjectSettings
    var path: String
    var credentials: Credentials
    /// The daemon's own environment.
    var inherited: [String: String]
    var containment: Containment
    var now: @Sendable () -> Date = { Date() }

    static let prompt = """
        This is a test of whether you can be reached. Answer with the one word "ready". Use no tools; read and change no file.

        """
    private static let timeout: Duration = .seconds(150)
    private static let idleTimeout: Duration = .seconds(60)
    private static let longestText = 300

    /// One that nobody knows is not there; one that is described wrongly is a mistake in the configuration.
    private func cli(named name: String) throws(Failure) -> AgentCLI {
        do throws(Failure) {
            return try AgentCLI.named(name, custom: settings.customAgents)
        } catch {
            throw settings.customAgents[name] == nil ? Failure(.notFound, error.message) : error
        }
    }

    /// - Parameter name: `claude`, or `claude:opus` for one model.
    func run(_ name: String) async throws -> AgentTestView {
        let choice = try choice(name)
        let cli = try cli(named: choice.name)
        let program = AgentProgram(
            cli,
            settings: settings,
            path: path,
            credentials: credentials,
            inherited: inherited
        )
        var view = AgentTestView(name: choice.description, program: cli.program)
        let seen = await AgentInspection.look(at: cli, environment: program.environment)
        (view.path, view.version) = (seen.path, seen.version)
        let login = cli.findLogin(in: program.environment, handed: program.credentialNames)
        (view.login, view.bills) = (login?.words, login?.bills)
        let finish = try await finish(of: choice, cli, program)
        note(finish, cli, in: &view)
        return view
    }

    private func choice(_ name: String) throws(Failure) -> AgentChoice {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = parts.first, !first.isEmpty else {
            throw Failure(.usage, "\"\(name)\" names no agent: write claude or claude:MODEL")
        }
        if parts.count > 1 { return AgentChoice(name: first, model: parts[1]) }
        // The model that the project would ask for.
        return settings.agents.first { $0.name == first } ?? AgentChoice(name: first)
    }

    private func finish(of choice: AgentChoice, _ cli: AgentCLI, _ program: AgentProgram) async throws
        -> AgentRun.Finish
    {
        let id = UUID().uuidString.lowercased()
        let root = FileManager.default.temporaryDirectory.appending(path: "ralphd-agent-test-\(id)")
        let (work, logs) = (root.appending(path: "work"), root.appending(path: "logs"))
        for directory in [work, logs] {
            try FileManager.default.createDirectory(
                at: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        defer { try? FileManager.default.removeItem(at: root) }
        let logDirectory = FilePath(logs.path(percentEncoded: false))
        try Data(Self.prompt.utf8).write(
            to: URL(filePath: logDirectory.appending(LogFile.prompt.fileName).string)
        )
        let run = AgentRun(
            choice: choice,
            cli: cli,
            program: program,
            containment: containment,
            directory: FilePath(work.path(percentEncoded: false)),
            logs: logDirectory,
            timeout: Self.timeout,
            idleTimeout: Self.idleTimeout,
            mark: "ralphd-agent-test/\(id)",
            now: now
        )
        return await run.run(Self.prompt, variables: ["RALPH_STAGE": "test"])
    }

    private func note(_ finish: AgentRun.Finish, _ cli: AgentCLI, in view: inout AgentTestView) {
        let report = finish.report
        view.model = report.model
        view.tokens = report.tokens.map(TokensView.init)
        (view.costUSD, view.costKind) = (report.cost.usd, report.cost.kind)
        view.durationMS = Int64(finish.duration / .milliseconds(1))
        view.text = report.finalText.map { PlainText.cut(PlainText.line($0), bytes: Self.longestText) }
        let end = TrialEnd(finish, cli: cli, path: path)
        view.isGood = end.outcome == nil
        view.outcome = end.outcome?.rawValue ?? "finished"
        (view.error, view.until, view.action) = (end.error, end.until, end.action)
    }
}

/// What a trial's end would have been in an iteration, and what a person can do about it.
private struct TrialEnd {
    /// Nil: it finished.
    var outcome: Outcome?
    var error: String?
    var until: Date?
    var action: String?

    init(_ finish: AgentRun.Finish, cli: AgentCLI, path: String) {
        switch finish.report.verdict {
        case .finished: outcome = nil
        case .rateLimited(let reset, _, let said):
            (outcome, until) = (.rateLimited, reset)
            error = said ?? "a usage limit"
            action = "wait; items would sleep until the limit is over, or go to the next agent in agent:"
        case .unavailable(let text):
            (outcome, error) = (.unavailable, text)
            action =
                "try again later; if nothing else reaches the provider either, look at the network and the proxy"
        case .authFailed(let text):
            (outcome, error) = (.authFailed, text)
            action = "log in with " + (cli.login?.advice ?? "what \(cli.program) needs, named in its env:")
        case .billing(let text):
            (outcome, error) = (.billing, text)
            action = "look at the account's balance and plan at the provider"
        case .missing(let text):
            (outcome, error) = (.agentMissing, text)
            action = "install \(cli.program), or write its directory into path: of the host's configuration"
        case .contextOverflow: (outcome, error) = (.contextOverflow, "its context was full")
        case .turnsExhausted: (outcome, error) = (.turnsExhausted, "it used all its turns")
        case .budgetExhausted: (outcome, error) = (.budgetExhausted, "its budget was used up")
        case .failed(let text): failed(finish, text, cli)
        }
    }

    private mutating func failed(_ finish: AgentRun.Finish, _ text: String, _ cli: AgentCLI) {
        action = "run `\(cli.program)` by hand in an empty directory and see what it asks for"
        switch finish.ending {
        case .timedOut, .stalled: (outcome, error) = (.timedOut, "it gave no answer; \(text)")
        default: (outcome, error) = (.agentFailed, text)
        }
    }
}
