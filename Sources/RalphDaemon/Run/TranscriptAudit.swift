import Foundation
import RalphAgents
import RalphCore
import RalphHistory
import SystemPackage

/// Reads from its transcript what an agent had spent when the daemon died under it.
struct TranscriptAudit {
    let settings: ProjectSettings

    private static let chunk = 1 << 20
    /// As for a living agent: a longer line is cut, and tells nothing.
    private static let longestLine = 8 << 20

    /// Notes tokens, cost and names in a row that has none.
    func settle(_ row: inout IterationRecord, in bench: Workbench) {
        let agent = AgentChoice(name: row.agent, model: row.modelRequested)
        let report = report(of: agent, .transcript, row, bench)
        charge(report, by: agent, at: bench.now(), to: &row)
        guard let report else { return }
        row.model = report.model ?? row.model
        row.sessionID = report.sessionID ?? row.sessionID
        row.turns = report.turns
        row.toolCalls = report.toolCalls
    }

    /// Adds what a reviewer had spent when the daemon died under it.
    func settleReview(_ row: inout IterationRecord, in bench: Workbench) {
        guard row.stage == .review, row.processID != nil else { return }
        if let agent = settings.review?.agent {
            charge(report(of: agent, .review, row, bench), by: agent, at: bench.now(), to: &row)
        } else {
            row.charge(.unknown, nil, didWork: true, putBy: row.reserved, at: bench.now())
        }
        row.processID = nil
        row.processStart = nil
        try? bench.history.save(iteration: row)
    }

    private func report(
        of agent: AgentChoice,
        _ file: LogFile,
        _ row: IterationRecord,
        _ bench: Workbench
    )
        -> AgentReport?
    {
        guard let cli = try? AgentCLI.named(agent.name, custom: settings.customAgents) else { return nil }
        var decoder = cli.makeDecoder()
        guard read(bench.logDirectory(row).appending(file.fileName), into: &decoder) else { return nil }
        return decoder.report(ending: .stopped, standardError: "", now: bench.now(), zone: .current)
    }

    /// - Parameter report: nil where there is no transcript to read.
    private func charge(
        _ report: AgentReport?,
        by agent: AgentChoice,
        at instant: Date,
        to row: inout IterationRecord
    ) {
        let meter = SpendingMeter(agent: agent, allowance: Allowance(), prices: settings.prices)
        row.charge(
            report.map { meter.cost(of: Spending($0)) } ?? .unknown,
            report?.tokens,
            didWork: true,
            putBy: row.reserved,
            at: instant
        )
    }

    private func read(_ file: FilePath, into decoder: inout any AgentDecoder) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: file.string) else { return false }
        defer { try? handle.close() }
        var line: [UInt8] = []
        var isCut = false
        while let bytes = try? handle.read(upToCount: Self.chunk), !bytes.isEmpty {
            var rest = bytes[...]
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += isCut ? [] : Array(rest[..<newline])
                _ = decoder.read(line: line, isCut: isCut)
                (line, isCut) = ([], false)
                rest = rest[(newline + 1)...]
            }
            line += isCut ? [] : Array(rest)
            if line.count > Self.longestLine { (line, isCut) = ([], true) }
        }
        if !line.isEmpty { _ = decoder.read(line: line, isCut: false) }
        return true
    }
}
