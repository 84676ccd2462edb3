import RalphCore

extension AgentCLI {
    /// opencode, `opencode run`.
    static let opencode = AgentCLI(
        name: "opencode",
        program: "opencode",
        stateVariables: [
            "OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR", "OPENCODE_CONFIG_CONTENT", "NODE_EXTRA_CA_CERTS",
        ],
        credentialVariables: [
            "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "GROQ_API_KEY",
            "OPENCODE_API_KEY", "OPENCODE_SERVER_PASSWORD",
        ],
        login: AgentLogin("`opencode auth login`", ["auth.json"], in: ".local/share/opencode"),
        fixedVariables: ["OPENCODE_DISABLE_AUTOUPDATE": "1"],
        telling: .cost,
        waitsSilently: true,
        arguments: { invocation in
            ["run", "--format", "json", "--auto"] + (invocation.model.map { ["-m", $0] } ?? [])
        },
        decoder: { OpenCodeDecoder() },
        rendering: { OpenCodeDecoder.render($0) }
    )
}

/// Reads `opencode run --format json`. Older versions have no final frame: end of file after a finished step is the end.
struct OpenCodeDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var error: JSONValue?
    private var isDone = false
    /// Why the last step ended; nil while one is open.
    private var stepEnd: String?
    private var usd = 0.0

    var isOver: Bool { isDone }

    mutating func handle(_ frame: JSONValue) -> Bool {
        if let session = frame["sessionID"].text { draft.sessionID = session }
        let part = frame["part"]
        switch frame["type"].string {
        case "step_start": (stepEnd, error) = (nil, nil)
        case "text": draft.finalText = part["text"].text ?? draft.finalText
        case "tool_use":
            draft.toolCalls += 1
            draft.noteTool(part["tool"].text ?? "tool", ClaudeFrames.detail(of: part["state"]["input"]))
        case "step_finish": finish(part)
        case "error": error = frame["error"]
        case "done":
            isDone = true
            return true
        default: break
        }
        return false
    }

    private mutating func finish(_ part: JSONValue) {
        stepEnd = part["reason"].text ?? "stop"
        draft.turns = (draft.turns ?? 0) + 1
        let counts = part["tokens"]
        var tokens = draft.tokens ?? TokenUsage()
        tokens += TokenUsage(
            input: counts["input"].count,
            output: counts["output"].count + counts["reasoning"].count,
            cacheRead: counts["cache"]["read"].count,
            cacheWrite: counts["cache"]["write"].count
        )
        draft.tokens = tokens
        // 0 is what its price list says of models that it does not know.
        usd += part["cost"].usd ?? 0
        if usd > 0 { draft.cost = .quoted(usd) }
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let error { return verdict(of: error, at: end) }
        switch stepEnd {
        case "length": return .contextOverflow
        // Its npm wrapper maps death by a signal to exit 0: without a finished step that says nothing.
        case .some(let reason) where reason != "tool-calls" && (isDone || end.ending.exitCode == 0):
            return .finished
        default:
            return ErrorProse.verdict(onPlainWordsOf: end)
                ?? end.unclassified("opencode ended without finishing")
        }
    }

    private func verdict(of error: JSONValue, at end: RunEnd) -> AgentReport.Verdict {
        let name = error["name"].text ?? "error"
        let text = error["data"]["message"].text ?? error["message"].text ?? name
        let status = error["data"]["statusCode"].int.flatMap(ErrorKind.init(status:))
        let prose = ErrorProse.kind(of: text)
        // An account without money has the status of a limit, which would end by itself.
        let kind = Self.kinds[name] ?? (prose == .billing ? .billing : status ?? prose)
        return kind?.verdict(text, at: end) ?? .failed(PlainText.short("\(name): \(text)"))
    }

    private static let kinds: [String: ErrorKind] = [
        "ProviderAuthError": .auth, "ContextOverflowError": .context, "MessageOutputLengthError": .context,
    ]

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        let part = frame["part"]
        switch frame["type"].string {
        case "text", "reasoning": return part["text"].text.map { [TranscriptLine(.text, $0)] } ?? []
        case "tool_use":
            let state = part["state"]
            let isGood = state["status"].string != "error"
            return [
                TranscriptLine(.tool, ClaudeFrames.tool(part["tool"].text, state["input"])),
                TranscriptLine(
                    isGood ? .result : .error,
                    state["output"].string ?? state["error"].string ?? ""
                ),
            ]
        case "error": return [TranscriptLine(.error, frame["error"]["data"]["message"].text ?? "error")]
        default: return []
        }
    }
}
