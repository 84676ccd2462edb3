import RalphCore

import struct Foundation.Date

extension AgentCLI {
    /// OpenAI Codex, `codex exec`.
    static let codex = AgentCLI(
        name: "codex",
        program: "codex",
        stateVariables: ["CODEX_HOME", "CODEX_SQLITE_HOME", "CODEX_CA_CERTIFICATE"],
        credentialVariables: ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL"],
        login: AgentLogin("`codex login`", ["auth.json"], in: ".codex", or: "CODEX_HOME"),
        arguments: { invocation in
            let model = invocation.model.map { ["-m", $0] } ?? []
            // Its own sandbox would keep builds from their caches and the network; the daemon contains the whole tree.
            return ["exec", "--json", "--ephemeral", "--skip-git-repo-check", "--color", "never"] + model + [
                // What one run learned is not for the next, even where the person has it switched on.
                "-c", "features.memories=false", "--dangerously-bypass-approvals-and-sandbox", "-",
            ]
        },
        decoder: { CodexDecoder() },
        rendering: { CodexDecoder.render($0) }
    )
}

/// Reads `codex exec --json`.
struct CodexDecoder: FrameDecoder {
    /// For messages: other programs speak this stream too.
    private let agent: String
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var isFinished = false
    private var failure: String?
    /// A top-level error is mere retry chatter, unless it is the last thing that was said.
    private var pending: String?
    /// How often in a row it said that it waits for the network.
    private var waits = 0
    /// What comes after the end of a turn counts only if another one was begun.
    private var isTurnOver = false

    /// Without a network it waits for ever, and says so at doubling intervals, so that it never looks stalled. The sixth time
    /// is after three minutes; a fresh run later is cheaper than an hour of that.
    private static let mostWaits = 6

    init(agent: String = "codex") { self.agent = agent }

    mutating func handle(_ frame: JSONValue) -> Bool {
        switch frame["type"].string {
        case "thread.started": draft.sessionID = frame["thread_id"].text
        case "turn.started": (pending, isTurnOver) = (nil, false)
        case _ where isTurnOver: break
        case "item.started", "item.updated", "item.completed":
            handle(item: frame["item"], isCompleted: frame["type"].string == "item.completed")
        case "error":
            pending = frame["message"].text ?? pending
            if pending?.hasPrefix("Reconnecting... waiting for network") == true { waits += 1 }
            return waits >= Self.mostWaits
        case "turn.completed":
            (isFinished, failure, isTurnOver) = (true, nil, true)
            count(frame["usage"])
            return true
        case "turn.failed":
            (isFinished, isTurnOver) = (false, true)
            failure = frame["error"]["message"].text ?? pending ?? "no message"
            return true
        default: break
        }
        return false
    }

    private mutating func handle(item: JSONValue, isCompleted: Bool) {
        switch item["type"].string {
        // A warning, such as unknown model metadata.
        case "error": return
        case "agent_message": draft.finalText = item["text"].text ?? draft.finalText
        case "command_execution", "file_change", "mcp_tool_call", "web_search", "collab_tool_call":
            if isCompleted { draft.toolCalls += 1 }
            draft.noteTool(Self.toolName(item), Self.toolDetail(item))
        default: break
        }
        (pending, waits) = (nil, 0)
    }

    /// Usage is per turn.
    private mutating func count(_ usage: JSONValue) {
        guard usage.isObject else { return }
        let (read, write) = (usage["cached_input_tokens"].count, usage["cache_write_input_tokens"].count)
        var tokens = draft.tokens ?? TokenUsage()
        tokens += TokenUsage(
            input: max(0, usage["input_tokens"].count - read - write),
            output: usage["output_tokens"].count,
            cacheRead: read,
            cacheWrite: write
        )
        draft.tokens = tokens
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if isFinished { return success(of: agent) }
        if let message = failure ?? pending.map(Self.withoutChatter) {
            let text = Self.withoutPrefix(message)
            return ErrorProse.kind(of: text, rules: Self.rules)?.verdict(text, at: end)
                ?? .failed(PlainText.short(text))
        }
        return ErrorProse.verdict(onPlainWordsOf: end, rules: Self.rules)
            ?? end.unclassified("\(agent) ended without finishing its turn")
    }

    /// "Reconnecting... 1/5 (unexpected status 404)" is about what stands in the parentheses.
    private static func withoutChatter(_ message: String) -> String {
        guard message.hasPrefix("Reconnecting..."), let open = message.firstIndex(of: "("),
            message.hasSuffix(")")
        else { return message }
        return String(message[message.index(after: open)...].dropLast())
    }

    private static func withoutPrefix(_ message: String) -> String {
        let prefix = "Error running remote compact task: "
        return message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
    }

    private static let rules: [ErrorProse.Rule] = [
        ("you've hit your usage limit", .limit),
        ("your workspace is out of credits", .billing),
        ("you hit your spend cap", .billing),
        ("to use codex with your chatgpt plan", .billing),
        ("quota exceeded", .billing),
        ("shared rollout token budget exhausted", .budget),
        ("codex ran out of room in the model's context window", .context),
        ("selected model is at capacity", .unavailable),
        ("connection failed", .unavailable),
        ("we're currently experiencing high demand", .unavailable),
        ("your access token could not be refreshed", .auth),
    ]
}

extension CodexDecoder {
    static func toolName(_ item: JSONValue) -> String {
        switch item["type"].string {
        case "command_execution": "shell"
        case "file_change": "edit"
        case "mcp_tool_call": item["tool"].text ?? "mcp"
        case "web_search": "search"
        default: item["type"].text ?? "tool"
        }
    }

    static func toolDetail(_ item: JSONValue) -> String? {
        if let text = item["command"].text ?? item["query"].text { return text }
        let paths = item["changes"].array.compactMap { $0["path"].text }
        return paths.isEmpty ? ClaudeFrames.detail(of: item["arguments"]) : paths.joined(separator: ", ")
    }

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["type"].string {
        case "thread.started": [TranscriptLine(.other, "session \(frame["thread_id"].text ?? "?")")]
        case "item.started": started(frame["item"])
        case "item.completed": completed(frame["item"])
        case "error": [TranscriptLine(.error, frame["message"].text ?? "error")]
        case "turn.failed": [TranscriptLine(.error, frame["error"]["message"].text ?? "turn failed")]
        case "turn.completed": [TranscriptLine(.result, "turn completed")]
        default: []
        }
    }

    private static func started(_ item: JSONValue) -> [TranscriptLine] {
        guard item["type"].string == "command_execution" || item["type"].string == "mcp_tool_call" else {
            return []
        }
        return [TranscriptLine(.tool, toolDetail(item).map { "\(toolName(item)): \($0)" } ?? toolName(item))]
    }

    private static func completed(_ item: JSONValue) -> [TranscriptLine] {
        switch item["type"].string {
        case "agent_message", "reasoning": return item["text"].text.map { [TranscriptLine(.text, $0)] } ?? []
        case "error": return [TranscriptLine(.other, item["message"].text ?? "warning")]
        case "command_execution":
            let isGood = item["exit_code"].int == 0
            return [TranscriptLine(isGood ? .result : .error, item["aggregated_output"].string ?? "")]
        case "file_change", "web_search":
            return [
                TranscriptLine(.tool, toolDetail(item).map { "\(toolName(item)): \($0)" } ?? toolName(item))
            ]
        case "mcp_tool_call":
            let text = ClaudeFrames.resultText(item["result"]["content"])
            return [
                TranscriptLine(item["error"].isNull ? .result : .error, item["error"]["message"].text ?? text)
            ]
        default: return []
        }
    }
}
