import RalphCore

extension AgentCLI {
    /// Factory's Droid, `droid exec`.
    static let droid = AgentCLI(
        name: "droid",
        program: "droid",
        stateVariables: ["FACTORY_HOME", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: ["FACTORY_API_KEY"],
        login: AgentLogin("`droid`, then /login", ["auth.json", "auth.encrypted"], in: ".factory"),
        fixedVariables: ["FACTORY_DROID_AUTO_UPDATE_ENABLED": "false"],
        arguments: { invocation in
            ["exec", "--output-format", "stream-json", "--auto", "high"]
                + (invocation.model.map { ["-m", $0] } ?? [])
        },
        decoder: { DroidDecoder() },
        rendering: { DroidDecoder.render($0) }
    )
}

/// Reads `droid exec --output-format stream-json`, and the single object of `-o json`.
struct DroidDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var isComplete = false
    private var error: String?

    var isOver: Bool { isComplete }

    mutating func handle(_ frame: JSONValue) -> Bool {
        if let session = frame["session_id"].text { draft.sessionID = session }
        switch frame["type"].string {
        case "system": draft.model = frame["model"].text ?? draft.model
        case "message" where frame["role"].string == "assistant":
            draft.finalText = frame["text"].text ?? draft.finalText
        case "tool_call":
            draft.toolCalls += 1
            draft.noteTool(frame["toolName"].text ?? "tool", ClaudeFrames.detail(of: frame["parameters"]))
        case "error": error = frame["message"].text ?? frame["source"].text ?? "error"
        case "completion":
            finish(turns: frame["numTurns"].int, text: frame["finalText"].text, usage: frame["usage"])
            return true
        case "result":
            finish(turns: frame["num_turns"].int, text: frame["result"].text, usage: frame["usage"])
            if frame["is_error"].bool == true { error = frame["result"].text ?? "error" }
            return true
        default: break
        }
        return false
    }

    private mutating func finish(turns: Int?, text: String?, usage: JSONValue) {
        (isComplete, error) = (true, nil)
        draft.turns = turns
        draft.finalText = text ?? draft.finalText
        if usage.isObject { draft.tokens = TokenUsage(anthropic: usage) }
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let error {
            return ErrorProse.kind(of: error)?.verdict(error, at: end) ?? .failed(PlainText.short(error))
        }
        if isComplete { return success(of: "droid") }
        return ErrorProse.verdict(onPlainWordsOf: end)
            ?? end.unclassified("droid ended without completing")
    }

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["type"].string {
        case "message":
            [TranscriptLine(frame["role"].string == "assistant" ? .text : .other, frame["text"].string ?? "")]
        case "tool_call":
            [TranscriptLine(.tool, ClaudeFrames.tool(frame["toolName"].text, frame["parameters"]))]
        case "tool_result":
            [TranscriptLine(frame["isError"].bool == true ? .error : .result, frame["value"].string ?? "")]
        case "error": [TranscriptLine(.error, frame["message"].text ?? "error")]
        case "completion": [TranscriptLine(.result, frame["finalText"].text ?? "completed")]
        case "result": ClaudeFrames.render(frame)
        default: []
        }
    }
}
