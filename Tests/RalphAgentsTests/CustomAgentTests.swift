import Foundation
import RalphAgents
import RalphCore
import Testing

@Suite("agents that the author describes")
struct CustomAgentTests {
    private func report(
        _ output: CustomAgent.Output,
        _ lines: [[UInt8]],
        _ ending: AgentEnding,
        errors: String = ""
    ) throws -> AgentReport {
        var agent = CustomAgent(command: ["mine"])
        agent.output = output
        var decoder = try AgentCLI.named("mine", custom: ["mine": agent]).makeDecoder()
        for line in lines { _ = decoder.read(line: line, isCut: false) }
        return decoder.report(ending: ending, standardError: errors, now: StreamRun.now, zone: .gmt)
    }

    @Test("text and exit 0 mean finished, and the end of the text is the final text")
    func text() throws {
        let report = try report(.text, [Array("first".utf8), Array("\u{1B}[1mlast".utf8)], .exited(0))
        #expect(report.verdict == .finished)
        #expect(report.finalText == "first\nlast\n")
        #expect(report.tokens == nil)
        #expect(report.cost == .unknown)
    }

    @Test("text is nobody's error: only the exit code and standard error speak")
    func textFailures() throws {
        let said = [Array("Error: 429 Too Many Requests".utf8)]
        #expect(try report(.text, said, .exited(0)).verdict == .finished)
        #expect(try report(.text, said, .exited(1)).verdict == .failed("mine failed (exit 1)"))
        #expect(try report(.text, said, .signaled(9)).verdict == .failed("mine failed (killed by signal 9)"))
        #expect(try report(.text, [], .stopped).verdict.word == "failed")
        let limited = try report(
            .text,
            [],
            .exited(1),
            errors: "Error: 429 Too Many Requests, retry after 60 seconds"
        )
        #expect(limited.verdict.reset == date("2026-11-22T10:06:00Z"))
        #expect(limited.verdict.limitedModel == nil)
    }

    @Test("long text is kept to its end")
    func longText() throws {
        let line = [UInt8](repeating: 0x78, count: 1 << 20)
        let report = try report(.text, Array(repeating: line, count: 64), .exited(0))
        #expect(report.finalText?.utf8.count == 16 << 10)
    }

    @Test(
        "the streams of claude and codex are read for programs around them",
        arguments: [
            (CustomAgent.Output.claudeStreamJSON, "claude"), (.codexJSON, "codex"),
        ]
    )
    func streams(_ output: CustomAgent.Output, _ name: String) throws {
        let report = try report(output, StreamRun.lines("\(name)-success.jsonl"), .exited(0))
        #expect(report == (try StreamRun.report("\(name)-success.jsonl", by: name, ending: .exited(0))))
        #expect(try self.report(output, [], .exited(0)).verdict.word == "failed")
    }

    @Test("text is shown as it is, JSON or not")
    func rendering() throws {
        let cli = try AgentCLI.named("mine", custom: ["mine": CustomAgent(command: ["mine"])])
        #expect(cli.render(line: Array(#"{"a":1}"#.utf8)) == [TranscriptLine(.text, #"{"a":1}"#)])
    }
}
