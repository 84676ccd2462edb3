import RalphAPI
import RalphAgents
import RalphCore
import RalphProcess
import SystemPackage

/// An agent CLI that is on the `PATH`, and how it would be logged in.
struct AgentFinding: Codable, Equatable, Sendable {
    var name: String
    /// Where its program is.
    var program: String
    /// Nil when it did not tell within ten seconds.
    @OrNull var version: String?
    /// Where its login is, in words; nil when none was found.
    @OrNull var login: String?
    /// Whether its work is paid by use rather than by a plan; nil when that cannot be told.
    @OrNull var bills: Bool?
    /// Variables with a key that the daemon does not pass on.
    var withheld: [String]
    /// Whether a login would have been seen.
    var showsLogin: Bool
    /// How to log in.
    @OrNull var advice: String?

    private enum CodingKeys: String, CodingKey {
        case name, program, version, login, bills, withheld, advice
        case showsLogin = "shows_login"
    }

    /// May be logged in: a CLI that does not show its login gets the benefit of the doubt.
    var isUsable: Bool { login != nil || !showsLogin }
}

/// Looks for agent CLIs as the daemon would.
struct AgentSearch {
    /// `PATH` of agents.
    var path: String
    var environment: [String: String]
    /// `env:` of the front matter.
    var names: [String] = []
    /// `credentials:` of the host's file: the variables of each agent.
    var credentials: [String: [String]] = [:]

    private static let patience: Duration = .seconds(10)

    /// All built-in ones that are there, in the order in which we would propose them: those with a login first.
    func all() -> [AgentFinding] {
        let found = AgentCLI.builtIn.compactMap(find)
        return found.filter(\.isUsable) + found.filter { !$0.isUsable }
    }

    /// Nil when its program is nowhere on the path.
    func find(_ cli: AgentCLI) -> AgentFinding? {
        guard let program = ProgramLookup.find(cli.program, path: path) else { return nil }
        let given = credentials[cli.name] ?? []
        let settings = EnvironmentSettings(
            path: path,
            names: names,
            credentials: Dictionary(given.map { ($0, "…") }, uniquingKeysWith: { first, _ in first })
        )
        let own = AgentEnvironment.agent(cli, from: environment, settings: settings)
        let login = cli.findLogin(in: own, handed: Set(given))
        return AgentFinding(
            name: cli.name,
            program: program,
            version: version(of: cli, at: program),
            login: login?.words,
            bills: login?.bills,
            withheld: cli.withheldKeys(from: environment, in: own),
            showsLogin: cli.showsItsLogin,
            advice: cli.login?.advice
        )
    }

    private func version(of cli: AgentCLI, at program: String) -> String? {
        let settings = EnvironmentSettings(path: path, names: names)
        let command = CapturedCommand(
            program,
            cli.versionArguments,
            environment: AgentEnvironment.agent(cli, from: environment, settings: settings),
            directory: "/",
            deadline: Self.patience,
            outputLimit: 64 << 10
        )
        guard let result = try? command.run(), result.isSuccess else { return nil }
        return AgentCLI.version(in: String(decoding: result.output + result.errors, as: UTF8.self))
    }
}
