import Foundation
import Glibc
import Synchronization

/// How the scripted agent talks: plain text, or frames like those of `claude -p --output-format stream-json`.
package struct AgentVoice: Sendable {
    package enum Format: String, Sendable { case text, claude }

    private final class Progress: Sendable {
        let hasBegun = Atomic(false)
        let hasEnded = Atomic(false)
        let turns = Atomic(0)
    }

    private let format: Format
    private let progress = Progress()

    init(_ format: Format) { self.format = format }

    func say(_ text: String) {
        switch format {
        case .text: raw(text)
        case .claude: frame(["type": "assistant", "message": message([["type": "text", "text": text]])])
        }
    }

    func use(tool: String, of object: String) {
        switch format {
        case .text: raw("[\(tool)] \(object)")
        case .claude:
            let input = [tool == "Bash" ? "command" : "file_path": object]
            let use: [String: Any] = ["type": "tool_use", "id": "tool_1", "name": tool, "input": input]
            frame(["type": "assistant", "message": message([use])])
        }
    }

    /// What a tool answered.
    func hear(_ text: String) {
        switch format {
        case .text: raw(text)
        case .claude:
            let result = ["type": "tool_result", "tool_use_id": "tool_1", "content": text]
            frame(["type": "user", "message": ["role": "user", "content": [result]]])
        }
    }

    /// The end of its turn; the first call counts.
    func final(_ text: String) { end(text, isError: false) }

    func error(_ text: String) {
        if format == .text { Self.complain(text) }
        end(text, isError: true)
    }

    private func end(_ text: String, isError: Bool) {
        guard !progress.hasEnded.exchange(true, ordering: .relaxed) else { return }
        guard format == .claude else {
            if !isError { raw(text) }
            return
        }
        frame([
            "type": "result", "subtype": isError ? "error_during_execution" : "success", "is_error": isError,
            "num_turns": progress.turns.load(ordering: .relaxed), "result": text, "session_id": Self.session,
            "total_cost_usd": 0.0125,
            "usage": [
                "input_tokens": 1200, "output_tokens": 340, "cache_read_input_tokens": 8000,
                "cache_creation_input_tokens": 600,
            ],
        ])
    }

    /// Exactly these bytes, and a newline if there is none.
    func raw(_ text: String) {
        guard !text.isEmpty else { return }
        Self.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: 1)
    }

    func replay(_ data: Data) {
        progress.hasEnded.store(true, ordering: .relaxed)
        Self.write(Array(data), to: 1)
    }

    func longLine(_ count: Int) {
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: min(count, 1 << 20))
        var left = count
        while left > 0 {
            Self.write(Array(chunk.prefix(left)), to: 1)
            left -= chunk.count
        }
        raw("\n")
    }

    static func complain(_ text: String) { write(Array((text + "\n").utf8), to: 2) }

    private static let session = "5c217ed0-0000-4000-8000-00000000ac75"

    private func message(_ content: [[String: Any]]) -> [String: Any] {
        progress.turns.add(1, ordering: .relaxed)
        return [
            "role": "assistant", "model": "scripted-1", "content": content,
            "usage": ["input_tokens": 1200, "output_tokens": 1],
        ]
    }

    /// The first frame of all says who speaks.
    private func frame(_ fields: [String: Any]) {
        if !progress.hasBegun.exchange(true, ordering: .relaxed) {
            frame(["type": "system", "subtype": "init", "model": "scripted-1", "apiKeySource": "none"])
        }
        let fields = fields.merging(["session_id": Self.session]) { old, _ in old }
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: fields,
                options: [.sortedKeys, .withoutEscapingSlashes]
            )
        else { return }
        raw(String(decoding: data, as: UTF8.self))
    }

    /// Unbuffered, so that what was said before a kill was said. A reader that is gone is no reason to stop.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
