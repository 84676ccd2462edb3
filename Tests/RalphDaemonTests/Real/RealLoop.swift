import Foundation
import RalphAPI
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// A real CLI with a login of one kind.
enum RealLogin: String, CustomTestStringConvertible, Sendable {
    /// An API key under `credentials:`.
    case claude
    /// A subscription's token under `credentials:`.
    case claudeToken
    /// A subscription's login in the home directory, and a key in the daemon's environment that must not win over it.
    case claudeHome
    /// An API key under `credentials:`.
    case codex
    /// `codex login`'s file in the home directory, and a key in the daemon's environment.
    case codexHome

    /// Where `Tests/AgentStandIn/fetch.sh` put the programs.
    static var path: String? { ProcessInfo.processInfo.environment["RALPH_AGENT_PATH"] }

    var testDescription: String { rawValue }
    var agent: String { isClaude ? "claude" : "codex" }
    var isClaude: Bool { self != .codex && self != .codexHome }
    var choice: String { isClaude ? "claude:opus" : "codex:gpt-5" }
}

/// A project whose agent is a real CLI, in a home of its own, with a stand-in behind it.
struct RealLoop {
    static let key = "sk-secret-0123456789"
    static let token = "sk-ant-oat01-secret-0123456789"

    let login: RealLogin
    var project: Project
    let standIn: ModelStandIn
    private let config: FilePath

    /// - Parameters:
    ///   - agent: in place of the built-in one.
    ///   - described: entries under `agents:`.
    init(
        _ login: RealLogin,
        _ way: String,
        settings: String = "",
        checks: String = "[\"test -f agent.txt\"]",
        agent: String? = nil,
        described: String = ""
    ) throws {
        self.login = login
        project = try Project(
            "- [ ] Make agent.txt {#a}",
            checks: checks,
            settings: settings,
            agent: agent ?? login.choice,
            described: described
        )
        let place = project.place
        standIn = try ModelStandIn(in: URL(filePath: place.path.string))
        try place.write(Self.key, to: "key")
        try place.write(Self.token + "\n", to: "token")
        try place.write(standIn.address(way), to: "address")
        try place.write(Self.codexConfig(standIn.address(way), login), to: "home/.codex/config.toml")
        config = try place.write("credentials:\n" + Self.credentials(login), to: "host.yaml")
        project.path = "\(RealLogin.path ?? ""):" + project.path
        // What a shell has, and what must make no difference.
        project.extra = ["CLAUDECODE": "1", "CLAUDE_CODE_ENTRYPOINT": "cli", "CLAUDE_CODE_MAX_RETRIES": "1"]
        if login == .claudeHome { try logInAtHome() }
        if login == .codexHome {
            try place.write("{\"OPENAI_API_KEY\": \"\(Self.key)\"}", to: "home/.codex/auth.json")
            project.extra["OPENAI_API_KEY"] = "sk-wrong-key-of-the-shell"
            project.extra["CODEX_API_KEY"] = "sk-wrong-key-of-the-shell"
        }
    }

    private mutating func logInAtHome() throws {
        let expiry = Int(Date.now.addingTimeInterval(86_400).timeIntervalSince1970 * 1000)
        let login =
            #"{"claudeAiOauth":{"accessToken":"\#(Self.token)","refreshToken":"sk-ant-ort01-x","expiresAt":\#(expiry),"#
            + #""scopes":["user:inference","user:profile"],"subscriptionType":"max"}}"#
        try project.place.write(login, to: "home/.claude/.credentials.json")
        project.extra["ANTHROPIC_API_KEY"] = "sk-wrong-key-of-the-shell"
    }

    /// Relative files lie beside the configuration.
    private static func credentials(_ login: RealLogin) -> String {
        switch login {
        case .claude: "  claude: {ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: address}\n"
        case .claudeToken: "  claude: {CLAUDE_CODE_OAUTH_TOKEN: token, ANTHROPIC_BASE_URL: address}\n"
        case .claudeHome: "  claude: {ANTHROPIC_BASE_URL: address}\n"
        case .codex: "  codex: {CODEX_API_KEY: key}\n"
        case .codexHome: "  claude: {ANTHROPIC_API_KEY: key}\n"
        }
    }

    private static func codexConfig(_ address: String, _ login: RealLogin) -> String {
        if login == .codexHome { return "openai_base_url = \"\(address)\"\n" }
        return """
            model_provider = "standin"
            [model_providers.standin]
            name = "standin"
            base_url = "\(address)"
            env_key = "CODEX_API_KEY"
            wire_api = "responses"
            request_max_retries = 1
            stream_max_retries = 1
            """
    }

    func start() throws -> DaemonProcess {
        try project.start(["--config", config.string], untilDone: false)
    }

    func history() throws -> [IterationView] {
        let answer = try project.ctl("history", "--json")
        return try WireJSON.decode([IterationView].self, from: Data(answer.output.utf8))
    }

    func status() throws -> StatusView {
        let answer = try project.ctl("status", "--json")
        return try WireJSON.decode(StatusView.self, from: Data(answer.output.utf8))
    }

    /// Runs the daemon until its first iteration is over and it knows what follows; tells what scripts see of it.
    func firstIteration() throws -> (iteration: IterationView, status: StatusView) {
        let daemon = try start()
        defer { daemon.send(SIGTERM) }
        try wait(for: "the end of the first iteration", seconds: 50) {
            (try? project.history().iterations(limit: 10).contains { $0.outcome != nil }) == true
        }
        let seen = (try #require(try history().last), try status())
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole(daemon.errors)
        return seen
    }
}
