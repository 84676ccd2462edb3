import RalphCore

import struct Foundation.Date
import struct Foundation.TimeZone

/// A program that prints text: it has no frames, so its exit code alone says whether it finished.
struct TextDecoder: AgentDecoder {
    let agent: String
    private var tail = OutputTail()
    private var draft = AgentReport.draft

    init(agent: String) { self.agent = agent }

    var spending: Spending { Spending() }

    mutating func read(line: [UInt8], isCut: Bool) -> Bool {
        if isCut { draft.oddLines += 1 }
        tail.append(line)
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
        report.finalText = tail.text
        report.verdict =
            switch ending {
            case .exited(0): .finished
            case .couldNotStart(let reason): .missing(reason)
            default: ErrorProse.verdict(onPlainWordsOf: end) ?? end.unclassified("\(agent) failed")
            }
        return report
    }
}
