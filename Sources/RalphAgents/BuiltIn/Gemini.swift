import RalphCore

extension AgentCLI {
    /// Google's Gemini CLI.
    static let gemini = AgentCLI(
        name: "gemini",
        program: "gemini",
        stateVariables: [
            "GEMINI_CLI_HOME", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_GENAI_USE_GCA",
            "NODE_EXTRA_CA_CERTS",
        ],
        credentialVariables: [
            "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_GENAI_USE_VERTEXAI",
            "GOOGLE_GEMINI_BASE_URL",
        ],
        login: AgentLogin("`gemini`, then choose a login", ["oauth_creds.json"], in: ".gemini"),
        // One process, so that the deadline's signal reaches the one that works.
        fixedVariables: ["GEMINI_CLI_NO_RELAUNCH": "true", "GEMINI_TELEMETRY_ENABLED": "false"],
        arguments: { invocation in
            ["--output-format", "stream-json", "--approval-mode", "yolo", "--skip-trust"]
                + (invocation.model.map { ["-m", $0] } ?? [])
        },
        decoder: { GeminiDecoder() },
        rendering: { GeminiDecoder.render($0) }
    )
}

/// Reads `gemini --output-format stream-json`.
struct GeminiDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: JSONValue?
    /// The last `error` frame. It ends nothing, but a success right after it is none.
    private var warning: String?
    private var isTextOpen = false

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        switch frame["type"].string {
        case "init":
            draft.sessionID = frame["session_id"].text
            draft.model = frame["model"].text
        case "message" where frame["role"].string == "assistant":
            handle(text: frame["content"].string ?? "", frame)
        case "tool_use":
            draft.toolCalls += 1
            draft.noteTool(frame["tool_name"].text ?? "tool", ClaudeFrames.detail(of: frame["parameters"]))
            (isTextOpen, warning) = (false, nil)
        case "error": warning = frame["message"].text
        case "result":
            result = frame
            note(frame["stats"])
            return true
        default: break
        }
        return false
    }

    /// The final text is what the assistant said after its last tool, in pieces.
    private mutating func handle(text: String, _ frame: JSONValue) {
        let isMore = isTextOpen && frame["delta"].bool == true
        draft.say(text, isMore: isMore)
        isTextOpen = true
    }

    private mutating func note(_ stats: JSONValue) {
        guard stats.isObject else { return }
        let cached = stats["cached"].count
        draft.tokens = TokenUsage(
            input: stats["input"].isNull
                ? max(0, stats["input_tokens"].count - cached) : stats["input"].count,
            output: stats["output_tokens"].count,
            cacheRead: cached
        )
        // `init` names what was asked for, which can be "auto"; the statistics name what answered.
        let served = stats["models"].members.max {
            $0.value["total_tokens"].count < $1.value["total_tokens"].count
        }
        draft.model = served?.key ?? draft.model
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        guard let result else { return verdictWithoutResult(at: end) }
        if result["status"].string != "success" { return verdict(ofError: result["error"], at: end) }
        if let warning {
            if warning.hasPrefix("Maximum session turns exceeded") { return .turnsExhausted }
            if warning.hasPrefix("Loop detected") { return .failed(PlainText.short(warning)) }
        }
        return success(of: "gemini")
    }

    private func verdict(ofError error: JSONValue, at end: RunEnd) -> AgentReport.Verdict {
        let text = Self.withoutBrackets(error["message"].text ?? error["type"].text ?? "error")
        let kind = Self.kinds[error["type"].string ?? ""] ?? ErrorProse.kind(of: text, rules: Self.rules)
        guard
            let kind = kind
                ?? Self.kind(ofExit: end.ending.exitCode ?? error["code"].int.flatMap { Int32(exactly: $0) })
        else {
            return .failed(PlainText.short(text))
        }
        // "on this model": another one may still have a quota.
        let model = text.contains("on this model") ? draft.model : nil
        return kind.verdict(text, at: end, model: model)
    }

    private func verdictWithoutResult(at end: RunEnd) -> AgentReport.Verdict {
        if let object = end.standardError.firstIndex(of: "{"),
            case let frame = JSONValue(line: Array(end.standardError[object...].utf8)) ?? .null,
            frame["error"].isObject
        {
            return verdict(ofError: frame["error"], at: end)
        }
        if let verdict = ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules) { return verdict }
        let unclassified = end.unclassified("gemini ended without a result")
        guard let kind = Self.kind(ofExit: end.ending.exitCode), case .failed(let text) = unclassified else {
            // A signal makes it shut down in good order, with exit 0.
            return unclassified
        }
        return kind.verdict(text, at: end)
    }

    /// Its own codes, else an HTTP status modulo 256.
    private static func kind(ofExit code: Int32?) -> ErrorKind? {
        switch code {
        case 41: .auth
        case 53: .turns
        case 145, 147: .auth
        case 173: .limit
        case 244, 246, 247, 248: .unavailable
        default: nil
        }
    }

    /// "[API Error: …]" is about what stands inside.
    static func withoutBrackets(_ text: String) -> String {
        let start = "[API Error: "
        guard text.hasPrefix(start) else { return text }
        let inner = text.dropFirst(start.count)
        return String(inner.hasSuffix("]") ? inner.dropLast() : inner)
    }

    private static let kinds: [String: ErrorKind] = [
        "TerminalQuotaError": .limit,
        "RetryableQuotaError": .limit,
        "FatalAuthenticationError": .auth,
        "FatalTurnLimitedError": .turns,
    ]

    private static let rules: [ErrorProse.Rule] = [
        ("you have exhausted your", .limit),
        ("resource has been exhausted", .limit),
        ("please set an auth method", .auth),
        ("reached max session turns", .turns),
    ]
}

extension GeminiDecoder {
    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["type"].string {
        case "init": [TranscriptLine(.other, "session \(frame["session_id"].text ?? "?")")]
        case "message":
            [TranscriptLine(frame["role"].string == "user" ? .other : .text, frame["content"].string ?? "")]
        case "tool_use":
            [TranscriptLine(.tool, ClaudeFrames.tool(frame["tool_name"].text, frame["parameters"]))]
        case "tool_result":
            [
                TranscriptLine(
                    frame["status"].string == "error" ? .error : .result,
                    frame["output"].string ?? ""
                )
            ]
        case "error": [TranscriptLine(.error, frame["message"].text ?? "error")]
        case "result":
            frame["status"].string == "success"
                ? [TranscriptLine(.result, "finished")]
                : [TranscriptLine(.error, frame["error"]["message"].text ?? "failed")]
        default: []
        }
    }
}
