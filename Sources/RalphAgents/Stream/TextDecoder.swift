import RalphCore

import struct Foundation.Date
import struct Foundation.TimeZone

/// A program that prints text: it has no frames, so its exit code alone says whether it finished.
struct TextDecoder: AgentDecoder {
    /// What is kept of the output's end as the final text.
    static let textLimit = 16 << 10

    private var tail: [UInt8] = []
    private var draft = AgentReport.draft

    mutating func read(line: [UInt8], isCut: Bool) -> Bool {
        if isCut { draft.oddLines += 1 }
        tail.append(contentsOf: line.suffix(Self.textLimit))
        tail.append(UInt8(ascii: "\n"))
        if tail.count > 4 * Self.textLimit { tail.removeFirst(tail.count - Self.textLimit) }
        return false
    }

    mutating func report(
        ending: AgentEnding,
        standardError: String,
        now: Date,
        zone: TimeZone
    ) -> AgentReport {
        let end = RunEnd(ending: ending, standardError: standardError, now: now, zone: zone)
        var report = draft
        let text = PlainText.inert(String(decoding: tail.suffix(Self.textLimit), as: UTF8.self))
        report.finalText = text.contains { !$0.isWhitespace } ? text : nil
        report.verdict =
            switch ending {
            case .exited(0): .finished
            case .couldNotStart(let reason): .missing(reason)
            default: ErrorProse.verdict(onStandardErrorOf: end) ?? end.unclassified("the agent failed")
            }
        return report
    }
}
