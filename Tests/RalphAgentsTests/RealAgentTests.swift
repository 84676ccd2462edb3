import Foundation
import RalphAgents
import RalphCore
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

/// The real CLIs, with our arguments and environment, against a stand-in for their model API. Needs `python3`, and the
/// directory that `Tests/AgentStandIn/fetch.sh` filled in `RALPH_AGENT_PATH`.
@Suite("real agent CLIs", .serialized, .enabled(if: RealAgent.path != nil))
struct RealAgentTests {
    @Test(
        "the CLI does the work in the workspace and its stream is understood",
        .timeLimit(.minutes(5)),
        arguments: [
            RealAgent.claude, .claudePlan, .codex,
        ]
    )
    func work(_ agent: RealAgent) throws {
        let report = try agent.run("work") { workspace in
            let made = try String(contentsOf: workspace.appending(path: "agent.txt"), encoding: .utf8)
            #expect(made == "made-by-agent\n")
        }
        #expect(report.verdict == .finished)
        #expect(report.finalText == "Done.")
        #expect(report.toolCalls == 1)
        #expect(report.sessionID?.isEmpty == false)
        #expect(report.tokens?.output ?? 0 > 0)
        #expect(report.cost.kind == agent.costKind)
        #expect(report.oddLines == 0)
    }

    @Test(
        "a refusal of the provider is classified",
        .timeLimit(.minutes(5)),
        arguments: [
            (RealAgent.claude, "refuse", "auth"), (.claude, "limit", "limited"),
            (.claude, "busy", "unavailable"),
            (.claude, "broke", "billing"), (.claude, "full", "context"), (.codex, "refuse", "auth"),
            (.codex, "limit", "limited"), (.codex, "busy", "unavailable"), (.codex, "broke", "billing"),
            (.codex, "full", "context"),
        ]
    )
    func refusals(_ agent: RealAgent, _ way: String, _ verdict: String) throws {
        let report = try agent.run(way)
        #expect(report.verdict.word == verdict, "\(report.verdict)")
    }

    @Test(
        "a subscription's window is waited for until it resets",
        .timeLimit(.minutes(5)),
        arguments: [RealAgent.claudePlan, .codex]
    )
    func window(_ agent: RealAgent) throws {
        let stated = Date.now.addingTimeInterval(RealAgent.windowLength)
        let reset = try #require(try agent.run("window").verdict.reset)
        // Prose has no seconds.
        #expect(abs(reset.timeIntervalSince(stated)) < 90)
    }

    @Test("each CLI tells its version", .timeLimit(.minutes(5)), arguments: ["claude", "codex"])
    func version(_ name: String) throws {
        let cli = try AgentCLI.named(name)
        let program = try #require(ProgramLookup.find(cli.program, path: RealAgent.path ?? ""))
        let environment = ["PATH": RealAgent.path ?? "", "HOME": NSTemporaryDirectory()]
        let result = try CapturedCommand(
            program,
            cli.versionArguments,
            environment: environment,
            deadline: .seconds(30)
        ).run()
        #expect(AgentCLI.version(in: String(decoding: result.output, as: UTF8.self))?.contains(".") == true)
    }
}

/// A CLI with the login it is run with.
enum RealAgent: String, CustomTestStringConvertible {
    case claude, claudePlan, codex

    static var path: String? { ProcessInfo.processInfo.environment["RALPH_AGENT_PATH"] }
    /// As the stand-in has it.
    static let windowLength = 4_500.0

    var testDescription: String { rawValue }
    var costKind: String {
        switch self {
        case .claude: "quoted"
        case .claudePlan: "plan"
        case .codex: "unknown"
        }
    }

    /// Runs the CLI as the daemon would, and shows the workspace it leaves.
    func run(_ way: String, inspect: (URL) throws -> Void = { _ in }) throws -> AgentReport {
        let root = URL(filePath: NSTemporaryDirectory()).appending(path: "real-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let (home, workspace) = (root.appending(path: "home"), root.appending(path: "workspace"))
        for directory in [home.appending(path: ".codex"), workspace] {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }
        let standIn = try ModelStandIn(in: root)
        defer { standIn.end() }
        try configure(home, url: standIn.address(way))
        let cli = try AgentCLI.named(self == .codex ? "codex" : "claude")
        let command = cli.command(
            for: AgentInvocation(
                prompt: "make it",
                promptFile: "/nonexistent",
                model: self == .codex ? "gpt-5" : "opus"
            )
        )
        let result = try CapturedCommand(
            command.program,
            command.arguments,
            environment: environment(of: cli, home: home, url: standIn.address(way)),
            directory: FilePath(workspace.path),
            input: command.input,
            deadline: .seconds(50)
        ).run()
        try inspect(workspace)
        var decoder = cli.makeDecoder()
        for line in result.output.split(separator: UInt8(ascii: "\n")) {
            _ = decoder.read(line: Array(line), isCut: false)
        }
        let errors = String(decoding: result.errors, as: UTF8.self)
        return decoder.report(ending: result.ending.agentEnding, standardError: errors, now: .now, zone: .gmt)
    }

    private func environment(of cli: AgentCLI, home: URL, url: String) -> [String: String] {
        var credentials = ["ANTHROPIC_BASE_URL": url]
        switch self {
        case .claude: credentials["ANTHROPIC_API_KEY"] = "sk-local"
        case .claudePlan: credentials["CLAUDE_CODE_OAUTH_TOKEN"] = "sk-ant-oat01-local"
        case .codex: credentials = ["CODEX_API_KEY": "sk-local"]
        }
        // The CLI's own retries would take minutes.
        let inherited = ["HOME": home.path, "CLAUDE_CODE_MAX_RETRIES": "1", "CLAUDECODE": "1"]
        return AgentEnvironment.agent(
            cli,
            from: inherited,
            settings: EnvironmentSettings(
                path: (Self.path ?? "") + ":/usr/bin:/bin",
                names: ["CLAUDE_CODE_MAX_RETRIES"],
                credentials: credentials,
                zone: .gmt,
                isRoot: geteuid() == 0
            )
        )
    }

    private func configure(_ home: URL, url: String) throws {
        let text = """
            model_provider = "standin"
            [model_providers.standin]
            name = "standin"
            base_url = "\(url)"
            env_key = "CODEX_API_KEY"
            wire_api = "responses"
            request_max_retries = 1
            stream_max_retries = 1
            """
        try text.write(to: home.appending(path: ".codex/config.toml"), atomically: true, encoding: .utf8)
    }
}

extension ProcessEnding {
    /// As the daemon tells it to a decoder.
    var agentEnding: AgentEnding {
        switch self {
        case .exited(let code): .exited(code)
        case .signaled(let signal): .signaled(signal)
        case .couldNotStart(_, let message): .couldNotStart(message)
        case .timedOut, .stalled, .cancelled, .finishedEarly, .stopped: .stopped
        }
    }
}
