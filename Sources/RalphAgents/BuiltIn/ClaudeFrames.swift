import RalphCore

/// Frames in Claude's shape, which several CLIs share: messages made of text, tool and result blocks.
enum ClaudeFrames {
    /// Notes session, tools and text of an `assistant` or `system` frame in a report.
    static func note(_ frame: JSONValue, in report: inout AgentReport) {
        if let session = frame["session_id"].text { report.sessionID = session }
        switch frame["type"].string {
        case "system" where frame["subtype"].string == "init":
            if let model = frame["model"].text { report.model = model }
        case "assistant":
            let isMain = frame["parent_tool_use_id"].isNull
            if isMain, let model = frame["message"]["model"].text { report.model = model }
            noteBlocks(frame["message"]["content"], isMain: isMain, in: &report)
        default: break
        }
    }

    private static func noteBlocks(_ content: JSONValue, isMain: Bool, in report: inout AgentReport) {
        for block in content.array {
            switch block["type"].string {
            case "tool_use":
                report.toolCalls += 1
                report.noteTool(block["name"].text ?? "tool", detail(of: block["input"]))
            case "text" where isMain: report.finalText = block["text"].text ?? report.finalText
            default: break
            }
        }
    }

    /// The part of a tool's input that says most in one line.
    static func detail(of input: JSONValue) -> String? {
        let telling = [
            "command", "file_path", "filePath", "path", "pattern", "query", "url", "description", "prompt",
        ]
        for key in telling { if let text = input[key].text { return text } }
        return input.members.sorted { $0.key < $1.key }.compactMap(\.value.text).first
    }

    static func render(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["type"].string {
        case "assistant", "user": message(frame)
        case "result": [result(frame)]
        case "system": system(frame)
        case "rate_limit_event": limit(frame["rate_limit_info"])
        default: []
        }
    }

    private static func message(_ frame: JSONValue) -> [TranscriptLine] {
        let content = frame["message"]["content"]
        if let text = content.text { return [TranscriptLine(.other, text)] }
        let isError = !frame["error"].isNull
        return content.array.compactMap { block in
            switch block["type"].string {
            case "text":
                guard let text = block["text"].text else { return nil }
                if isError { return TranscriptLine(.error, text) }
                return TranscriptLine(frame["type"].string == "user" ? .other : .text, text)
            case "tool_use": return TranscriptLine(.tool, tool(block["name"].text, block["input"]))
            case "tool_result":
                let kind: TranscriptLine.Kind = block["is_error"].bool == true ? .error : .result
                return TranscriptLine(kind, resultText(block["content"]))
            default: return nil
            }
        }
    }

    /// "Bash: npm test".
    static func tool(_ name: String?, _ input: JSONValue) -> String {
        let name = name ?? "tool"
        return detail(of: input).map { "\(name): \($0)" } ?? name
    }

    /// The text of a tool's result, which is a string or a list of blocks.
    static func resultText(_ content: JSONValue) -> String {
        content.string ?? content.array.compactMap { $0["text"].string }.joined(separator: "\n")
    }

    private static func result(_ frame: JSONValue) -> TranscriptLine {
        let isError = frame["is_error"].bool == true
        let text =
            frame["result"].text ?? frame["error"].text ?? frame["errors"].array.compactMap(\.text).first
            ?? frame["subtype"].text ?? ""
        return TranscriptLine(isError ? .error : .result, text)
    }

    private static func system(_ frame: JSONValue) -> [TranscriptLine] {
        switch frame["subtype"].string {
        case "init":
            return [
                TranscriptLine(
                    .other,
                    "session \(frame["session_id"].text ?? "?"), model \(frame["model"].text ?? "?")"
                )
            ]
        case "api_retry":
            let why = frame["error"].text ?? "error"
            let seconds = frame["retry_delay_ms"].count / 1000
            return [TranscriptLine(.error, "\(why): retry \(frame["attempt"].count) in \(seconds) s")]
        default: return []
        }
    }

    private static func limit(_ info: JSONValue) -> [TranscriptLine] {
        guard let status = info["status"].text, status != "allowed" else { return [] }
        return [
            TranscriptLine(
                .other,
                "usage limit: \(status), \(info["rateLimitType"].text ?? "unknown window")"
            )
        ]
    }
}
