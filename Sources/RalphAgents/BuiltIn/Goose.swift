import RalphCore

extension AgentCLI {
    /// Block's goose, `goose run`. A model is `provider/model` or the bare model.
    static let goose = AgentCLI(
        name: "goose",
        program: "goose",
        stateVariables: [
            "GOOSE_PROVIDER", "GOOSE_MODEL", "GOOSE_DISABLE_KEYRING", "GOOSE_PATH_ROOT", "OLLAMA_HOST",
        ],
        credentialVariables: [
            "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "OPENROUTER_API_KEY", "GROQ_API_KEY",
            "DATABRICKS_TOKEN",
        ],
        login: AgentLogin("`goose configure`", ["secrets.yaml", "config.yaml"], in: ".config/goose"),
        fixedVariables: ["GOOSE_MODE": "auto"],
        telling: .cost,
        arguments: gooseArguments,
        decoder: { GooseDecoder() },
        rendering: { GooseDecoder.render($0) }
    )

    private static func gooseArguments(_ invocation: AgentInvocation) -> [String] {
        var arguments = ["run", "-q", "--output-format", "stream-json", "--no-session"]
        if let model = invocation.model {
            let parts = model.split(separator: "/", maxSplits: 1)
            if parts.count == 2 { arguments += ["--provider", String(parts[0])] }
            arguments += ["--model", String(parts.last ?? "")]
        }
        if let turns = invocation.maxTurns { arguments += ["--max-turns", String(turns)] }
        return arguments + ["-i", "-"]
    }
}

/// Reads `goose run --output-format stream-json`. `complete` comes before the check for errors, so it proves nothing.
struct GooseDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var isComplete = false
    private var error: String?
    private var messageID: String?

    mutating func handle(_ frame: JSONValue) -> Bool {
        switch frame["type"].string {
        case "message": handle(message: frame["message"])
        case "error": error = frame["error"].text ?? frame["error"]["message"].text ?? "error"
        case "complete":
            isComplete = true
            note(frame)
            return true
        default: break
        }
        return false
    }

    /// Text comes in pieces that share the message's id.
    private mutating func handle(message: JSONValue) {
        guard message["role"].string == "assistant" else { return }
        for part in message["content"].array {
            switch part["type"].string {
            case "text":
                let text = part["text"].string ?? ""
                let isMore = messageID != nil && messageID == message["id"].string
                draft.say(text, isMore: isMore)
                messageID = message["id"].string
            case "toolRequest":
                draft.toolCalls += 1
                let call = part["toolCall"]["value"]
                draft.noteTool(call["name"].text ?? "tool", ClaudeFrames.detail(of: call["arguments"]))
            default: break
            }
        }
    }

    private mutating func note(_ frame: JSONValue) {
        if frame["total_tokens"].int != nil {
            let read = frame["cache_read_input_tokens"].count
            let output = frame["output_tokens"].count
            // Older versions give the sum alone.
            let input = frame["input_tokens"].int ?? frame["total_tokens"].count - output
            draft.tokens = TokenUsage(input: max(0, input - read), output: output, cacheRead: read)
        }
        if let usd = frame["cost_usd"].usd { draft.cost = .quoted(usd) }
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let error { return Self.verdict(of: error, at: end) }
        guard isComplete else {
            return ErrorProse.verdict(onPlainWordsOf: end)
                ?? end.unclassified("goose ended without completing")
        }
        if let code = end.ending.exitCode, code != 0 {
            return ErrorProse.verdict(onPlainWordsOf: end) ?? end.unclassified("goose failed")
        }
        if draft.tokens?.total ?? 0 == 0, draft.toolCalls == 0 {
            let text = Self.ownError(draft.finalText)
            if let text { return Self.verdict(of: text, at: end) }
            if draft.finalText == nil { return .unavailable("goose completed, but no model answered") }
        }
        return .finished
    }

    private static func verdict(of error: String, at end: RunEnd) -> AgentReport.Verdict {
        ErrorProse.kind(of: error)?.verdict(error, at: end) ?? .failed(PlainText.short(error))
    }

    /// Older versions print their errors in the assistant's place; only believed when no model spent a token.
    private static func ownError(_ text: String?) -> String? {
        let start = "Ran into this error: "
        guard let text, text.hasPrefix(start) else { return nil }
        return String(text.dropFirst(start.count))
    }

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["type"].string {
        case "message":
            return frame["message"]["content"].array.compactMap { render(part: $0, of: frame["message"]) }
        case "error": return [TranscriptLine(.error, frame["error"].text ?? "error")]
        case "complete": return [TranscriptLine(.result, "completed")]
        default: return []
        }
    }

    private static func render(part: JSONValue, of message: JSONValue) -> TranscriptLine? {
        switch part["type"].string {
        case "text":
            TranscriptLine(message["role"].string == "assistant" ? .text : .other, part["text"].string ?? "")
        case "toolRequest":
            TranscriptLine(
                .tool,
                ClaudeFrames.tool(
                    part["toolCall"]["value"]["name"].text,
                    part["toolCall"]["value"]["arguments"]
                )
            )
        case "toolResponse":
            TranscriptLine(
                part["toolResult"]["value"]["isError"].bool == true ? .error : .result,
                ClaudeFrames.resultText(part["toolResult"]["value"]["content"])
            )
        default: nil
        }
    }
}
