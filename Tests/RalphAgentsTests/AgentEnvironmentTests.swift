import Foundation
import RalphAgents
import RalphCore
import Testing

@Suite("environments")
struct AgentEnvironmentTests {
    private let inherited = [
        "PATH": "/usr/bin", "HOME": "/home/dev", "USER": "dev", "LOGNAME": "dev", "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8", "TZ": "Europe/Vilnius", "TMPDIR": "/tmp", "TERM": "xterm-256color",
        "CLAUDE_CONFIG_DIR": "/home/dev/.claude2", "CODEX_HOME": "/home/dev/.codex2",
        "ANTHROPIC_API_KEY": "key-a", "OPENAI_API_KEY": "key-o", "GH_TOKEN": "key-g", "DATABASE_URL": "db",
        "CLAUDECODE": "1", "CLAUDE_CODE_ENTRYPOINT": "cli", "CLAUDE_CODE_SESSION_ID": "s",
        "SSH_AUTH_SOCK": "/s",
        "NOTIFY_SOCKET": "/run/n", "CREDENTIALS_DIRECTORY": "/run/c", "RALPHD_PRD": "x",
        "LD_PRELOAD": "/evil.so",
        "https_proxy": "http://proxy:3128",
    ]

    private func agent(_ name: String = "claude", _ settings: EnvironmentSettings = EnvironmentSettings())
        throws
        -> [String: String]
    {
        AgentEnvironment.agent(try .named(name), from: inherited, settings: settings)
    }

    @Test("an agent gets its user, locale, way to the network and its own state, and nothing else")
    func allowList() throws {
        let environment = try agent()
        let cli = try AgentCLI.named("claude")
        #expect(
            Set(environment.keys).subtracting(cli.fixedVariables.keys) == [
                "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TERM",
                "CLAUDE_CONFIG_DIR",
                "https_proxy",
            ]
        )
        #expect(environment["TERM"] == "dumb")
    }

    @Test(
        "trap 12: CLAUDECODE and session variables in the daemon's environment are not passed on, even if env: names them"
    )
    func sessionVariables() throws {
        let named = EnvironmentSettings(names: [
            "CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "NOTIFY_SOCKET", "DATABASE_URL",
        ])
        for name in AgentCLI.builtIn.map(\.name) {
            let environment = try agent(name, named)
            for variable in [
                "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SESSION_ID", "NOTIFY_SOCKET",
            ] {
                #expect(environment[variable] == nil, "\(name)")
            }
            #expect(environment["DATABASE_URL"] == "db")
        }
    }

    @Test("a login in the home directory is used: the API key in the environment is not passed")
    func loginWins() throws {
        for name in AgentCLI.builtIn.map(\.name) {
            let environment = try agent(name)
            #expect(environment.values.allSatisfy { !$0.hasPrefix("key-") }, "\(name)")
            #expect(environment["HOME"] == "/home/dev")
        }
    }

    @Test("an API key is passed when env: names it or credentials: holds it")
    func wantedKeys() throws {
        #expect(
            try agent("claude", EnvironmentSettings(names: ["ANTHROPIC_API_KEY"]))["ANTHROPIC_API_KEY"]
                == "key-a"
        )
        let configured = EnvironmentSettings(credentials: ["ANTHROPIC_API_KEY": "other"])
        #expect(try agent("claude", configured)["ANTHROPIC_API_KEY"] == "other")
        let both = EnvironmentSettings(
            names: ["ANTHROPIC_API_KEY"],
            credentials: ["ANTHROPIC_API_KEY": "other"]
        )
        #expect(try agent("claude", both)["ANTHROPIC_API_KEY"] == "other")
    }

    @Test("PATH is the person's own, not the unit's")
    func path() throws {
        #expect(try agent()["PATH"] == "/usr/bin")
        let own = EnvironmentSettings(path: "/home/dev/.local/bin:/usr/bin")
        #expect(try agent("claude", own)["PATH"] == "/home/dev/.local/bin:/usr/bin")
        let bare = AgentEnvironment.agent(try .named("codex"), from: [:], settings: EnvironmentSettings())
        #expect(bare["PATH"] == "/usr/local/bin:/usr/bin:/bin")
    }

    @Test("claude is quiet, keeps no memory, and is told that it is contained when it runs as root")
    func claudeVariables() throws {
        let environment = try agent()
        for name in [
            "CLAUDE_CODE_DISABLE_AUTO_MEMORY", "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_AUTOUPDATER",
        ] { #expect(environment[name] == "1") }
        #expect(environment["IS_SANDBOX"] == nil)
        #expect(try agent("claude", EnvironmentSettings(isRoot: true))["IS_SANDBOX"] == "1")
        #expect(try agent("codex", EnvironmentSettings(isRoot: true))["IS_SANDBOX"] == nil)
        let named = EnvironmentSettings(names: ["BASH_MAX_TIMEOUT_MS"])
        let own = AgentEnvironment.agent(
            try .named("claude"),
            from: ["BASH_MAX_TIMEOUT_MS": "5"],
            settings: named
        )
        #expect(own["BASH_MAX_TIMEOUT_MS"] == "5")
    }

    @Test("the agent's zone is the one its times are read in")
    func zone() throws {
        let zone = try #require(TimeZone(identifier: "Asia/Tokyo"))
        #expect(try agent("codex", EnvironmentSettings(zone: zone))["TZ"] == "Asia/Tokyo")
    }

    @Test("a custom agent gets the variables that it names")
    func custom() throws {
        var mine = CustomAgent(command: ["x"])
        mine.environment = ["GH_TOKEN"]
        let cli = try AgentCLI.named("mine", custom: ["mine": mine])
        let environment = AgentEnvironment.agent(cli, from: inherited, settings: EnvironmentSettings())
        #expect(environment["GH_TOKEN"] == "key-g")
        #expect(environment["ANTHROPIC_API_KEY"] == nil)
    }

    @Test("checks get what env: names, but none of the agents' credentials")
    func checks() throws {
        let settings = EnvironmentSettings(names: [
            "DATABASE_URL", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "MY_TOKEN",
        ])
        let environment = AgentEnvironment.checks(
            from: inherited.merging(["MY_TOKEN": "t"]) { $1 },
            settings: settings,
            agents: [try .named("claude")],
            credentials: ["MY_TOKEN"]
        )
        #expect(environment["DATABASE_URL"] == "db")
        #expect(environment["ANTHROPIC_API_KEY"] == nil)
        #expect(environment["MY_TOKEN"] == nil)
        // No agent in use logs in by it: a test suite may need it.
        #expect(environment["OPENAI_API_KEY"] == "key-o")
        #expect(environment["CLAUDE_CONFIG_DIR"] == nil)
        #expect(environment["CLAUDECODE"] == nil)
        #expect(environment["HOME"] == "/home/dev")
    }
}
