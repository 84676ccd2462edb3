import RalphCore

extension AgentCLI {
    /// GitHub Copilot CLI.
    static let copilot = AgentCLI(
        name: "copilot",
        program: "copilot",
        stateVariables: ["COPILOT_HOME", "COPILOT_CACHE_HOME", "COPILOT_GH_HOST", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
        login: AgentLogin("`copilot`, then /login", ["config.json"], in: ".copilot", or: "COPILOT_HOME"),
        fixedVariables: ["COPILOT_AUTO_UPDATE": "false"],
        // A part of the tokens is no figure that a ceiling could be held against.
        telling: .nothing,
        arguments: { invocation in
            ["--output-format", "json", "--allow-all", "--no-ask-user", "--no-color", "--log-level", "error"]
                + (invocation.model.map { ["--model", $0] } ?? [])
        },
        decoder: { CopilotDecoder() },
        rendering: { CopilotDecoder.render($0) }
    )
}

/// Reads `copilot --output-format json`, whose result carries an exit code of its own.
struct CopilotDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: JSONValue?

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        let data = frame["data"]
        switch frame["type"].string {
        case "assistant.message":
            draft.turns = (draft.turns ?? 0) + 1
            draft.finalText = data["content"].text ?? draft.finalText
            draft.model = data["model"].text ?? draft.model
            // Only what was written is counted; what was read is not told.
            if let output = data["outputTokens"].int, output > 0 {
                draft.tokens = TokenUsage(output: (draft.tokens?.output ?? 0) + data["outputTokens"].count)
            }
        case "tool.execution_start":
            draft.toolCalls += 1
            draft.noteTool(data["toolName"].text ?? "tool", ClaudeFrames.detail(of: data["arguments"]))
        case "session.tools_updated": draft.model = data["model"].text ?? draft.model
        case "result":
            result = frame
            draft.sessionID = frame["sessionId"].text
            return true
        default: break
        }
        return false
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let result, result["exitCode"].int == 0 {
            // Some versions end well although no model answered.
            guard draft.turns == nil, draft.toolCalls == 0 else { return .finished }
            return ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules)
                ?? .unavailable("copilot said success, but no model answered")
        }
        return ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules)
            ?? end.unclassified(
                result == nil ? "copilot ended without a result" : "copilot's result is a failure"
            )
    }

    private static let rules: [ErrorProse.Rule] = [
        ("402 you have no quota", .billing),
        ("you have no quota", .billing),
        ("no authentication information found", .auth),
        ("you've hit your session rate limit", .limit),
        ("session rate limit", .limit),
        ("sorry, you've hit", .limit),
    ]

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        let data = frame["data"]
        switch frame["type"].string {
        case "assistant.message": return data["content"].text.map { [TranscriptLine(.text, $0)] } ?? []
        case "tool.execution_start":
            return [TranscriptLine(.tool, ClaudeFrames.tool(data["toolName"].text, data["arguments"]))]
        case "tool.execution_complete":
            if data["success"].bool == true {
                return [TranscriptLine(.result, data["result"]["content"].string ?? "")]
            }
            return [TranscriptLine(.error, data["error"]["message"].text ?? "failed")]
        case "session.error": return [TranscriptLine(.error, data["message"].text ?? "error")]
        case "result":
            let code = frame["exitCode"].int ?? 0
            return [TranscriptLine(code == 0 ? .result : .error, "exit \(code)")]
        default: return []
        }
    }
}
