import RalphCore

extension AgentCLI {
    /// Qwen Code.
    static let qwen = AgentCLI(
        name: "qwen",
        program: "qwen",
        stateVariables: ["QWEN_CODE_SYSTEM_SETTINGS_PATH", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"],
        login: AgentLogin("`qwen`, then choose a login", ["oauth_creds.json", "settings.json"], in: ".qwen"),
        arguments: { invocation in
            ["--output-format", "stream-json", "--approval-mode", "yolo"]
                + (invocation.model.map { ["--model", $0] } ?? [])
                + (invocation.maxTurns.map { ["--max-session-turns", String($0)] } ?? [])
        },
        decoder: { QwenDecoder() },
        rendering: { ClaudeFrames.render($0) }
    )
}

/// Reads `qwen --output-format stream-json`: Claude's frames, but an API error can come as a success.
struct QwenDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: JSONValue?

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        ClaudeFrames.note(frame, in: &draft)
        guard frame["type"].string == "result" else { return false }
        result = frame
        draft.turns = frame["num_turns"].int
        draft.finalText = frame["result"].text ?? draft.finalText
        let usage = frame["usage"]
        if usage.isObject {
            let read = usage["cache_read_input_tokens"].count
            draft.tokens = TokenUsage(
                input: max(0, usage["input_tokens"].count - read),
                output: usage["output_tokens"].count,
                cacheRead: read
            )
        }
        return true
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        guard let result else { return verdictWithoutResult(at: end) }
        let subtype = result["subtype"].string ?? ""
        let text = result["result"].text ?? result["error"]["message"].text ?? result["error"].text ?? subtype
        if subtype == "error_max_turns" { return .turnsExhausted }
        // The CLI's own words in the frame's place for the answer; its exit code is 0 all the same.
        let isMasked = text.hasPrefix("[API Error: ")
        guard isMasked || (result["is_error"].bool ?? subtype.hasPrefix("error")) else {
            return success(of: "qwen")
        }
        return ErrorProse.kind(of: GeminiDecoder.withoutBrackets(text))?.verdict(text, at: end)
            ?? .failed(PlainText.short(text))
    }

    private func verdictWithoutResult(at end: RunEnd) -> AgentReport.Verdict {
        switch end.ending.exitCode {
        case 53: return .turnsExhausted
        case 55: return .budgetExhausted
        default:
            return ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules)
                ?? end.unclassified("qwen ended without a result")
        }
    }

    private static let rules: [ErrorProse.Rule] = [
        // It was waiting for the provider when it was ended.
        ("[qwen-code] waiting for api capacity", .unavailable),
        ("please set an auth method", .auth),
    ]
}
