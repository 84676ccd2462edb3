import Foundation
import RalphAgents
import RalphCore
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
        let logs = bench.logDirectory(row)
        var decoder = cli.makeDecoder()
        guard read(logs.appending(LogFile.transcript.fileName), into: &decoder) else { return }
        let report = decoder.report(ending: .stopped, standardError: "", now: bench.now(), zone: .current)
        let agent = AgentChoice(name: row.agent, model: row.modelRequested)
        let meter = SpendingMeter(agent: agent, allowance: Allowance(), prices: settings.prices)
        row.tokens = report.tokens
        row.cost = meter.cost(of: Spending(report))
        row.model = report.model ?? row.model
        row.sessionID = report.sessionID ?? row.sessionID
        row.turns = report.turns
        row.toolCalls = report.toolCalls
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
