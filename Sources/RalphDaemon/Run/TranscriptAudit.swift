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
        guard row.tokens == nil, row.cost == .unknown,
            let cli = try? AgentCLI.named(row.agent, custom: settings.customAgents)
        else { return }
        guard let report = report(of: cli, .transcript, row, bench) else { return }
        let agent = AgentChoice(name: row.agent, model: row.modelRequested)
        row.tokens = report.tokens
        row.cost = cost(of: report, by: agent)
        row.model = report.model ?? row.model
        row.sessionID = report.sessionID ?? row.sessionID
        row.turns = report.turns
        row.toolCalls = report.toolCalls
    }

    /// Adds what a reviewer had spent when the daemon died under it.
    func settleReview(_ row: inout IterationRecord, in bench: Workbench) {
        guard row.stage == .review, row.processID != nil, let review = settings.review,
            let cli = try? AgentCLI.named(review.agent.name, custom: settings.customAgents),
            let report = report(of: cli, .review, row, bench)
        else { return }
        row.cost = row.cost.adding(cost(of: report, by: review.agent))
        row.tokens = row.tokens.flatMap { mine in report.tokens.map { mine.adding($0) } }
        row.processID = nil
        row.processStart = nil
        try? bench.history.save(iteration: row)
    }

    private func report(of cli: AgentCLI, _ file: LogFile, _ row: IterationRecord, _ bench: Workbench)
        -> AgentReport?
    {
        var decoder = cli.makeDecoder()
        guard read(bench.logDirectory(row).appending(file.fileName), into: &decoder) else { return nil }
        return decoder.report(ending: .stopped, standardError: "", now: bench.now(), zone: .current)
    }

    private func cost(of report: AgentReport, by agent: AgentChoice) -> Cost {
        SpendingMeter(agent: agent, allowance: Allowance(), prices: settings.prices).cost(
            of: Spending(report)
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
