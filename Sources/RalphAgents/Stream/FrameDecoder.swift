import RalphCore

import struct Foundation.Date
import struct Foundation.TimeZone

/// A decoder of one JSON frame per line: what all of them share.
protocol FrameDecoder: AgentDecoder {
    /// The report so far; its verdict is set at the end.
    var draft: AgentReport { get set }

    /// What was printed plainly before any frame.
    var preamble: Preamble { get set }

    /// Whether the final frame has been read: nothing after it counts.
    var isOver: Bool { get }

    /// Takes one frame. True when it ends the turn.
    mutating func handle(_ frame: JSONValue) -> Bool

    /// Takes a line that is no frame, for CLIs that print their errors plainly.
    mutating func handle(text line: String)

    /// Takes what stood on standard error, for CLIs that say more than errors there.
    mutating func note(standardError: String)

    /// Structured fields first, then anchored prose, then the exit code.
    func verdict(at end: RunEnd) -> AgentReport.Verdict
}

/// Plain lines before the first frame. No assistant has spoken by then, so that they are the CLI's own.
struct Preamble: Sendable {
    private(set) var hasFrames = false
    /// The last that is not blank.
    private(set) var line: String?

    mutating func note(_ text: String) {
        if !hasFrames { line = text }
    }

    mutating func noteFrame() { hasFrames = true }
}

extension FrameDecoder {
    var isOver: Bool { false }

    mutating func read(line: [UInt8], isCut: Bool) -> Bool {
        guard !isOver else { return false }
        guard !isCut else {
            draft.oddLines += 1
            return false
        }
        guard let frame = JSONValue(line: line), frame.isObject else {
            let text = String(decoding: line.prefix(JSONReader.stringLimit), as: UTF8.self)
            guard text.contains(where: { !$0.isWhitespace }) else { return false }
            draft.oddLines += 1
            preamble.note(text)
            handle(text: text)
            return false
        }
        preamble.noteFrame()
        return handle(frame)
    }

    var spending: Spending { Spending(tokens: draft.tokens, cost: draft.cost, model: draft.model) }

    mutating func handle(text line: String) {}

    mutating func note(standardError: String) {}

    /// The verdict on a frame that says success: providers' errors have been reported so, with exit 0. A turn that neither
    /// spent, did nor said anything was none.
    func success(of cli: String) -> AgentReport.Verdict {
        let isEmpty = draft.tokens?.total == 0 && draft.toolCalls == 0 && draft.finalText == nil
        return isEmpty ? .unavailable("\(cli) said success, but no model answered") : .finished
    }

    mutating func report(
        ending: AgentEnding,
        standardError: String,
        now: Date,
        zone: TimeZone
    ) -> AgentReport {
        note(standardError: standardError)
        var report = draft
        if case .couldNotStart(let reason) = ending {
            report.verdict = .missing(reason)
        } else {
            report.verdict = verdict(
                at: RunEnd(
                    ending: ending,
                    standardError: standardError,
                    preamble: preamble,
                    now: now,
                    zone: zone
                )
            )
        }
        return report
    }
}

extension AgentReport {
    /// A report to fill while reading.
    static var draft: AgentReport { AgentReport(verdict: .failed("the agent has not ended")) }

    /// Takes the assistant's text, or one more piece of it. Pieces add up to no more than a string that came whole.
    mutating func say(_ text: String, isMore: Bool = false) {
        guard isMore, let said = finalText else {
            finalText = text
            return
        }
        if said.utf8.count < JSONReader.stringLimit { finalText = said + text }
    }

    mutating func noteTool(_ name: String, _ detail: String?) {
        lastTool = PlainText.short(detail.map { "\(name): \($0)" } ?? name, limit: 200)
    }
}

extension TokenUsage {
    static func += (sum: inout TokenUsage, more: TokenUsage) {
        sum.input += more.input
        sum.output += more.output
        sum.cacheRead += more.cacheRead
        sum.cacheWrite += more.cacheWrite
    }

    /// Anthropic's `usage`: classes that do not overlap.
    init(anthropic usage: JSONValue) {
        self.init(
            input: usage["input_tokens"].count,
            output: usage["output_tokens"].count,
            cacheRead: usage["cache_read_input_tokens"].count,
            cacheWrite: usage["cache_creation_input_tokens"].count
        )
    }
}
