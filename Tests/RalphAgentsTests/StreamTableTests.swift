import Foundation
import RalphAgents
import RalphCore
import Testing

@Suite("recorded streams")
struct StreamTableTests {
    static let cases: [StreamCase] = [
        StreamCase.claude, StreamCase.codex, StreamCase.gemini, StreamCase.geminiErrors, StreamCase.opencode,
        StreamCase.cursor,
        StreamCase.copilot, StreamCase.amp, StreamCase.goose, StreamCase.qwen, StreamCase.droid,
        StreamCase.kimi,
        StreamCase.aider,
    ].flatMap(\.self)

    @Test("each stream comes to its verdict, tokens, cost and names", arguments: cases)
    func report(_ row: StreamCase) throws {
        let report = try row.report()
        #expect(report.verdict.word == row.verdict, "\(report.verdict)")
        #expect(report.verdict.reset == row.reset)
        #expect(report.verdict.limitedModel == row.limitedModel)
        #expect(report.tokens == row.tokens)
        #expect(report.cost == row.cost)
        #expect(report.sessionID == row.session)
        #expect(report.model == row.model)
        #expect(report.turns == row.turns)
        #expect(report.toolCalls == row.tools)
        #expect(report.oddLines == row.oddLines)
        // aider has no answer apart from its whole output.
        if row.agent != "aider" { #expect(report.finalText == row.text) }
    }

    @Test("what stands on standard error beside a stream belongs to one")
    func beside() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        let names = Set(
            files.filter { !$0.hasSuffix(".stderr") }.map { ($0 as NSString).deletingPathExtension }
        )
        for file in files where file.hasSuffix(".stderr") {
            #expect(names.contains((file as NSString).deletingPathExtension), "\(file)")
        }
    }

    @Test("no stream is left out of the table")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        let streams = files.filter { !$0.hasSuffix(".stderr") }
        #expect(Set(streams).symmetricDifference(Self.cases.map(\.file)) == [])
    }
}
