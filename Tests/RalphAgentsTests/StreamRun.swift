import Foundation
import RalphAgents
import RalphCore

/// One recorded stream, read as the daemon would read it.
struct StreamRun {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "AgentStreams")
    /// The day on which the streams were recorded.
    static let now = date("2026-11-22T10:05:00Z")

    static func lines(_ file: String) throws -> [[UInt8]] {
        let data = try Data(contentsOf: directory.appending(path: file))
        return data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
    }

    /// The report on a stream and what stood beside it on standard error.
    static func report(
        _ file: String,
        by agent: String,
        ending: AgentEnding,
        now: Date = now,
        zone: TimeZone = .gmt
    ) throws -> AgentReport {
        let name = (file as NSString).deletingPathExtension
        let beside = directory.appending(path: name + ".stderr")
        let errors = (try? String(contentsOf: beside, encoding: .utf8)) ?? ""
        return try report(lines(file), by: agent, ending: ending, errors: errors, now: now, zone: zone)
    }

    static func report(
        _ lines: [[UInt8]],
        by agent: String,
        ending: AgentEnding,
        errors: String = "",
        now: Date = now,
        zone: TimeZone = .gmt
    ) throws -> AgentReport {
        var decoder = try AgentCLI.named(agent).makeDecoder()
        for line in lines { _ = decoder.read(line: line, isCut: false) }
        return decoder.report(ending: ending, standardError: errors, now: now, zone: zone)
    }

    static func report(
        text lines: String...,
        by agent: String,
        ending: AgentEnding,
        errors: String = "",
        now: Date = now,
        zone: TimeZone = .gmt
    ) throws -> AgentReport {
        try report(
            lines.map { Array($0.utf8) },
            by: agent,
            ending: ending,
            errors: errors,
            now: now,
            zone: zone
        )
    }
}

func date(_ text: String) -> Date {
    let strategy = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
    return (try? Date(text, strategy: strategy)) ?? .distantPast
}

extension AgentReport.Verdict {
    /// Without its payload, for tables.
    var word: String {
        switch self {
        case .finished: "finished"
        case .failed: "failed"
        case .turnsExhausted: "turns"
        case .contextOverflow: "context"
        case .budgetExhausted: "budget"
        case .rateLimited: "limited"
        case .unavailable: "unavailable"
        case .authFailed: "auth"
        case .billing: "billing"
        case .missing: "missing"
        }
    }

    var reset: Date? { if case .rateLimited(let reset, _, _) = self { reset } else { nil } }
    var said: String? { if case .rateLimited(_, _, let said) = self { said } else { nil } }
    var limitedModel: String? { if case .rateLimited(_, let model, _) = self { model } else { nil } }
}
