import Foundation
import RalphAgents
import RalphCore
import Testing

@Suite("transcripts")
struct TranscriptTests {
    private func render(_ file: String) throws -> [String] {
        let cli = try AgentCLI.named(String(file.prefix { $0 != "-" }))
        return try StreamRun.lines(file).flatMap { cli.render(line: $0) }.map { "\($0.kind): \($0.text)" }
    }

    @Test("claude's work reads as tools, results and text")
    func claude() throws {
        #expect(
            try render("claude-success.jsonl") == [
                "other: session 3b1f0129-c135-427a-8de3-c943238a79b3, model claude-opus-5-5",
                "tool: Bash: echo made-by-agent > agent.txt", "result: (Bash completed with no output)",
                "text: Done.",
                "result: Done.",
            ]
        )
        #expect(
            try render("claude-limit-seven-day.jsonl").suffix(3) == [
                "other: usage limit: rejected, seven_day",
                "error: You've hit your limit · resets Nov 25, 10:18am (UTC)",
                "error: You've hit your limit · resets Nov 25, 10:18am (UTC)",
            ]
        )
        #expect(try render("claude-500.jsonl")[1] == "error: server_error: retry 1 in 0 s")
    }

    @Test("codex's work reads as tools, results and text")
    func codex() throws {
        #expect(
            try render("codex-command-failed.jsonl") == [
                "other: session 019f3661-0000-7000-8000-000000000000",
                #"tool: shell: /bin/zsh -lc "sed -n 1,5p nope""#,
                "error: sed: nope: No such file or directory\n",
                "text: Hi there friend", "result: turn completed",
            ]
        )
        #expect(try render("codex-file-change.jsonl").contains("tool: edit: /tmp/home/dev/app.txt"))
        #expect(try render("codex-banner-noise.jsonl")[0] == "other: Reading prompt from stdin...")
    }

    @Test(
        "each agent's success shows what it said and which tool it used",
        arguments: [
            ("gemini-success.jsonl", "tool: testTool: value1", "text: Final answer"),
            (
                "opencode-success.jsonl", "tool: read: /tmp/nanopy-agent-event-probe.ktOr9V/probe.txt",
                "text: NANOPY_EVENT_PROBE_20260823"
            ),
            ("cursor-shell.jsonl", "tool: shell: echo test", "text: Final answer."),
            ("copilot-tools.jsonl", "tool: bash: echo hi", "text: Let me inspect that."),
            ("amp-success.jsonl", nil, "text: 4"),
            ("goose-success.jsonl", "tool: developer__shell: ls", "text: listed above."),
            (
                "qwen-success.jsonl", "tool: run_shell_command: git log -1 --oneline",
                "text: Looking at the repository history."
            ),
            ("droid-success.jsonl", "tool: Execute: ls -la", "text: I'll run ls."),
            (
                "kimi-success.jsonl", "tool: Shell: ls",
                "text: There are two Python files in the current directory."
            ),
            ("aider-success.txt", nil, "text: Applied edit to hello.js"),
        ]
    )
    func others(_ file: String, _ tool: String?, _ text: String) throws {
        let lines = try render(file)
        #expect(lines.contains(text), "\(lines)")
        if let tool { #expect(lines.contains(tool), "\(lines)") }
    }

    @Test("control characters from an agent never get through")
    func controlCharacters() throws {
        let line =
            #"{"type":"assistant","message":{"content":[{"type":"text","text":"\u001b[2J\u001b]0;x\u0007hi\u0000"}]}}"#
        let rendered = try AgentCLI.named("claude").render(line: Array(line.utf8))
        #expect(rendered == [TranscriptLine(.text, "hi")])
        #expect(rendered.first?.text == "hi")
        let plain = try AgentCLI.named("claude").render(line: Array("\u{1B}[31mred".utf8))
        #expect(plain.first?.text == "red")
    }

    @Test("the last tool says what the agent was doing when it was stopped")
    func lastTool() throws {
        let report = try StreamRun.report("claude-max-turns.jsonl", by: "claude", ending: .exited(1))
        #expect(report.lastTool == "Bash: echo made-by-agent > agent.txt")
        let line =
            #"{"type":"item.started","item":{"type":"command_execution","command":"make\n\u001b[1mtest"}}"#
        #expect(
            try StreamRun.report(text: line, by: "codex", ending: .stopped).lastTool == "shell: make test"
        )
    }
}
