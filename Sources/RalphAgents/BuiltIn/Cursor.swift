import RalphCore

extension AgentCLI {
    /// Cursor's CLI, `cursor-agent`.
    static let cursor = AgentCLI(
        name: "cursor",
        program: "cursor-agent",
        stateVariables: ["CURSOR_CONFIG_DIR", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: ["CURSOR_API_KEY"],
        login: AgentLogin("`cursor-agent login`", ["auth.json"], in: ".config/cursor"),
        fixedVariables: ["NO_OPEN_BROWSER": "1"],
        arguments: { invocation in
            ["-p", "--output-format", "stream-json", "--force", "--trust"]
                + (invocation.model.map { ["--model", $0] } ?? [])
        },
        decoder: { CursorDecoder() },
        rendering: { CursorDecoder.render($0) }
    )
}

/// Reads `cursor-agent -p --output-format stream-json`: a failure has no frame at all, only standard error.
struct CursorDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: JSONValue?
    private var isTextOpen = false
    /// A wrong model is said plainly on standard output.
    private var plain: String?

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        if let session = frame["session_id"].text { draft.sessionID = session }
        switch frame["type"].string {
        case "system": draft.model = frame["model"].text ?? draft.model
        case "assistant":
            let text = ClaudeFrames.resultText(frame["message"]["content"])
            draft.say(text, isMore: isTextOpen)
            isTextOpen = true
        case "tool_call":
            isTextOpen = false
            if frame["subtype"].string == "started" {
                draft.toolCalls += 1
                let (name, call) = Self.call(frame)
                draft.noteTool(name, ClaudeFrames.detail(of: call["args"]))
            }
        case "result":
            finish(frame)
            return true
        default: break
        }
        return false
    }

    mutating func handle(text line: String) { plain = line }

    private mutating func finish(_ frame: JSONValue) {
        result = frame
        draft.finalText = frame["result"].text ?? draft.finalText
        let usage = frame["usage"]
        guard usage.isObject else { return }
        draft.tokens = TokenUsage(
            input: usage["inputTokens"].count,
            output: usage["outputTokens"].count,
            cacheRead: usage["cacheReadTokens"].count,
            cacheWrite: usage["cacheWriteTokens"].count
        )
    }

    /// `{"shellToolCall":{"args":…}}`: the key names the tool.
    private static func call(_ frame: JSONValue) -> (name: String, call: JSONValue) {
        guard let (key, value) = frame["tool_call"].members.first(where: { $0.value.isObject }) else {
            return ("tool", .null)
        }
        return (key.hasSuffix("ToolCall") ? String(key.dropLast("ToolCall".count)) : key, value)
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let result {
            guard result["is_error"].bool == true else { return success(of: "cursor") }
            let text = result["result"].text ?? result["error"].text ?? "error"
            return ErrorProse.kind(of: text, rules: Self.rules)?.verdict(text, at: end)
                ?? .failed(PlainText.short(text))
        }
        if let verdict = ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules) { return verdict }
        if let plain { return .failed(PlainText.short(plain)) }
        return end.unclassified("cursor ended without a result")
    }

    private static let rules: [ErrorProse.Rule] = [
        ("retriableerror: [resource_exhausted]", .limit),
        ("connecterror: [resource_exhausted]", .limit),
        ("[resource_exhausted]", .limit),
        ("connecterror: [unauthenticated]", .auth),
        ("[unauthenticated]", .auth),
        ("the provided api key is invalid", .auth),
        ("retriableerror: [unavailable]", .unavailable),
        ("connecterror: [unavailable]", .unavailable),
        ("[unavailable]", .unavailable),
        ("connecterror: [deadline_exceeded]", .unavailable),
        ("actionrequirederror:", .billing),
        ("cannot use this model", .other),
    ]

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        guard frame["type"].string == "tool_call" else { return ClaudeFrames.render(frame) }
        let (name, call) = call(frame)
        if frame["subtype"].string == "started" {
            return [TranscriptLine(.tool, ClaudeFrames.tool(name, call["args"]))]
        }
        let good = call["result"]["success"]
        if good.isObject {
            return [TranscriptLine(.result, good["stdout"].string ?? good["content"].string ?? "")]
        }
        return [TranscriptLine(.error, ClaudeFrames.detail(of: call["result"]["error"]) ?? "failed")]
    }
}
