package import struct Foundation.TimeZone

/// What a person has said about the environment of child processes, on the host and in the front matter.
package struct EnvironmentSettings: Sendable {
    /// `path:`; nil: the daemon's own PATH.
    package var path: String?
    /// `env:`, names only.
    package var names: [String]
    /// The contents of the files under `credentials:` for this one agent.
    package var credentials: [String: String]
    /// The zone in which the agent's times without a zone are read later.
    package var zone: TimeZone?
    package var isRoot: Bool

    package init(
        path: String? = nil,
        names: [String] = [],
        credentials: [String: String] = [:],
        zone: TimeZone? = nil,
        isRoot: Bool = false
    ) {
        self.path = path
        self.names = names
        self.credentials = credentials
        self.zone = zone
        self.isRoot = isRoot
    }
}

/// Builds the environments of children from the daemon's own by allow-list; pure.
package enum AgentEnvironment {
    /// For one agent CLI.
    package static func agent(
        _ cli: AgentCLI,
        from inherited: [String: String],
        settings: EnvironmentSettings
    ) -> [String: String] {
        var result = basis(inherited, settings: settings)
        copy(cli.stateVariables + settings.names, from: inherited, to: &result)
        for name in cli.credentialVariables where !settings.names.contains(name) { result[name] = nil }
        for (name, value) in cli.fixedVariables where result[name] == nil { result[name] = value }
        if settings.isRoot { result.merge(cli.rootVariables) { _, root in root } }
        result.merge(settings.credentials) { _, credential in credential }
        if let zone = settings.zone { result["TZ"] = zone.identifier }
        return scrubbed(result)
    }

    /// For checks and set-up: the same without anything by which one of `agents` logs in. `credentials` are the names
    /// under `credentials:` for any agent.
    package static func checks(
        from inherited: [String: String],
        settings: EnvironmentSettings,
        agents: [AgentCLI],
        credentials: Set<String> = []
    ) -> [String: String] {
        var result = basis(inherited, settings: settings)
        copy(settings.names, from: inherited, to: &result)
        for name in agents.flatMap(\.credentialVariables) + credentials { result[name] = nil }
        return scrubbed(result)
    }

    private static func basis(
        _ inherited: [String: String],
        settings: EnvironmentSettings
    ) -> [String: String] {
        var result = inherited.filter { name, _ in common.contains(name) || name.hasPrefix("LC_") }
        result["PATH"] = settings.path ?? inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        // Nobody is at the other end: no cursor movements, no colours.
        result["TERM"] = "dumb"
        return result
    }

    private static func copy(
        _ names: [String],
        from inherited: [String: String],
        to result: inout [String: String]
    ) {
        for name in names { if let value = inherited[name] { result[name] = value } }
    }

    /// Also against `env:`: nobody wants a run to believe that it is part of another one.
    private static func scrubbed(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in !sessions.contains(name) }
    }

    /// What programs need to find their user, their files and the network. The way to the network is part of it because
    /// behind a proxy neither agents nor package managers work without.
    private static let common: Set<String> = [
        "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME", "XDG_STATE_HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
        "http_proxy",
        "https_proxy", "no_proxy", "all_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ]

    /// By these an agent CLI tells its own children that they run inside it.
    static let sessions: Set<String> = [
        "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_SSE_PORT",
        "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_AGENT_SDK_VERSION", "CODEX_SANDBOX",
        "CODEX_SANDBOX_NETWORK_DISABLED",
        "CODEX_THREAD_ID", "GEMINI_CLI", "QWEN_CODE", "CURSOR_AGENT", "OPENCODE", "COPILOT_CLI",
        "AMP_THREAD_ID",
        "GOOSE_TERMINAL", "AGENT_SESSION_ID", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
        "WATCHDOG_USEC", "WATCHDOG_PID", "CREDENTIALS_DIRECTORY",
    ]
}
