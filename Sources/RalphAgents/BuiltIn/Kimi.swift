import Foundation
import RalphCore

extension AgentCLI {
    /// Moonshot's Kimi CLI.
    static let kimi = AgentCLI(
        name: "kimi",
        program: "kimi",
        stateVariables: ["KIMI_SHARE_DIR"],
        credentialVariables: ["KIMI_API_KEY", "KIMI_BASE_URL", "KIMI_MODEL_NAME"],
        login: AgentLogin(
            "`kimi`, then /login",
            ["config.toml", "config.json"],
            in: ".kimi",
            or: "KIMI_SHARE_DIR"
        ),
        fixedVariables: ["KIMI_CLI_NO_AUTO_UPDATE": "1"],
        telling: .nothing,
        arguments: { invocation in
            ["--print", "--input-format", "text", "--output-format", "stream-json"]
                + (invocation.model.map { ["-m", $0] } ?? [])
                + (invocation.maxTurns.map { ["--max-steps-per-turn", String($0)] } ?? [])
        },
        decoder: { KimiDecoder() },
        rendering: { KimiDecoder.render($0) }
    )
}

/// Reads `kimi --print --output-format stream-json`: bare chat messages without a final frame. Errors are plain lines
/// on standard output, and the exit code is to be trusted.
struct KimiDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var error: String?
    private var hasAnswered = false

    private static let retryLaterCode: Int32 = 75

    mutating func handle(_ frame: JSONValue) -> Bool {
        guard frame["role"].string == "assistant" else { return false }
        (hasAnswered, error) = (true, nil)
        let text = ClaudeFrames.resultText(frame["content"])
        if !text.isEmpty { draft.finalText = text }
        for call in frame["tool_calls"].array {
            draft.toolCalls += 1
            let function = call["function"]
            draft.noteTool(function["name"].text ?? "tool", Self.detail(function))
        }
        return false
    }

    mutating func handle(text line: String) { error = line }

    /// The arguments are JSON in a string.
    private static func detail(_ function: JSONValue) -> String? {
        guard let text = function["arguments"].text else { return nil }
        return JSONValue(line: Array(text.utf8)).flatMap(ClaudeFrames.detail(of:)) ?? text
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        switch end.ending {
        case .exited(0) where hasAnswered: return .finished
        case .exited(Self.retryLaterCode):
            let kind = error.flatMap { ErrorProse.kind(of: $0, rules: Self.rules) }
            let said = error.map { PlainText.short($0) } ?? "kimi asks to try again later"
            return kind == .limit ? ErrorKind.limit.verdict(said, at: end) : .unavailable(said)
        case .exited:
            if let error {
                return ErrorProse.kind(of: error, rules: Self.rules)?.verdict(error, at: end)
                    ?? .failed(PlainText.short(error))
            }
            return ErrorProse.verdict(onPlainWordsOf: end) ?? end.unclassified("kimi failed")
        default: return end.unclassified("kimi was ended before it finished")
        }
    }

    mutating func note(standardError: String) {
        // "To resume this session: kimi -r ID" is the only place where the session is named.
        if let mark = standardError.range(of: "kimi -r ", options: .backwards) {
            let id = standardError[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            if !id.isEmpty { draft.sessionID = String(id) }
        }
    }

    private static let rules: [ErrorProse.Rule] = [
        ("error code: 403 *you've reached your * limit", .limit),
        ("llm not set", .auth),
        ("max steps", .turns),
    ]

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        let text = ClaudeFrames.resultText(frame["content"])
        if frame["role"].string == "tool" { return [TranscriptLine(.result, text)] }
        let calls = frame["tool_calls"].array.map { call in
            let name = call["function"]["name"].text ?? "tool"
            return TranscriptLine(.tool, detail(call["function"]).map { "\(name): \($0)" } ?? name)
        }
        let kind: TranscriptLine.Kind = frame["role"].string == "assistant" ? .text : .other
        return (text.isEmpty ? [] : [TranscriptLine(kind, text)]) + calls
    }
}
