import RalphCore

extension AgentCLI {
    /// Claude Code, `claude -p`.
    static let claude = AgentCLI(
        name: "claude",
        program: "claude",
        stateVariables: ["CLAUDE_CONFIG_DIR", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: [
            "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK",
        ],
        login: AgentLogin(
            "`claude`, then /login; or give it a token of `claude setup-token` under credentials:",
            [".credentials.json"],
            in: ".claude",
            or: "CLAUDE_CONFIG_DIR"
        ),
        fixedVariables: [
            // Memory is kept by working directory, and one workspace serves many items.
            "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
            // A command left in the background holds the process for up to ten minutes after its result.
            "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            // Builds and test suites outlast the CLI's own two and ten minutes; `idle-timeout` guards the rest.
            "BASH_DEFAULT_TIMEOUT_MS": "600000",
            "BASH_MAX_TIMEOUT_MS": "1800000",
        ],
        // Without it the CLI refuses to bypass permissions as root.
        rootVariables: ["IS_SANDBOX": "1"],
        telling: .cost,
        arguments: claudeArguments,
        decoder: { ClaudeDecoder() },
        rendering: { ClaudeFrames.render($0) }
    )

    private static func claudeArguments(_ invocation: AgentInvocation) -> [String] {
        // `stream-json` is refused without `--verbose`.
        var arguments = ["-p", "--output-format", "stream-json", "--verbose"]
        if let model = invocation.model { arguments += ["--model", model] }
        if let turns = invocation.maxTurns { arguments += ["--max-turns", String(turns)] }
        if let budget = invocation.budgetUSD { arguments += ["--max-budget-usd", String(budget)] }
        return arguments + [
            "--permission-mode", "bypassPermissions", "--no-session-persistence", "--setting-sources",
            "project",
            "--strict-mcp-config", "--disallowedTools=AskUserQuestion",
        ]
    }
}
