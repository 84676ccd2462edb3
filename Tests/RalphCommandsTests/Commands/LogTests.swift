import Foundation
import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("logs, diffs and prompts")
struct LogTests {
    private static let record = IterationRecord(
        id: IterationID(17),
        uuid: "7f8e6f4e-7e5b-4c1c-8a43-1d4a3c8f2f11",
        item: ItemID(3),
        ordinal: 2,
        agent: AgentChoice(name: "claude"),
        startedAt: Moment.night,
        target: "refs/heads/main",
        base: ObjectID("4be1c90"),
        logDirectory: "logs/17"
    )
    private static let detail = IterationDetailView(
        IterationView(record, key: "stop", checks: []),
        IterationParticulars(record, title: "`tally stop` ends the running entry", checkRuns: [])
    )

    private func ctl(log: String, pieces: Int = 7) -> Ctl {
        let bytes = Array(log.utf8)
        let chunks = stride(from: 0, to: bytes.count, by: pieces).map {
            Array(bytes[$0..<min($0 + pieces, bytes.count)])
        }
        return Ctl(
            FakeProject {
                $0.log = chunks
                $0.iterationDetail = LogTests.detail
            }
        )
    }

    @Test("a check's log is shown line by line, whatever pieces it comes in, and inert")
    func check() async {
        let ctl = ctl(log: "ok 1 – start\n\n\u{1B}[31mnot ok 2\u{1B}[0m\nlast without end")
        #expect(await ctl.ask("log", "stop", "--check", "test") == 0)
        #expect(ctl.output.text == "ok 1 – start\n\nnot ok 2\nlast without end\n")
    }

    @Test("a transcript is made readable, and --raw is as it was written")
    func transcript() async {
        let stream = """
            {"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"I will look.\\u001b[2J"}]}}
            {"type":"assistant","message":{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]}}

            """
        let readable = ctl(log: stream)
        #expect(await readable.ask("log", "stop") == 0)
        #expect(readable.output.text == "I will look.\n> Bash: ls\n")
        let raw = ctl(log: stream)
        #expect(await raw.ask("log", "i17", "--raw") == 0)
        #expect(raw.output.text == stream)
    }

    @Test("--raw on a terminal is inert all the same")
    func rawOnTerminal() async {
        var ctl = ctl(log: "\u{1B}]0;owned\u{07}text\n")
        ctl.terminal = .plain80
        #expect(await ctl.ask("log", "i17", "--raw") == 0)
        #expect(ctl.output.text == "text\n")
    }

    @Test("--json gives a JSON object a line")
    func json() async {
        let ctl = ctl(log: "one\n\u{1B}two\n")
        #expect(await ctl.ask("log", "i17", "--check", "test", "--json") == 0)
        #expect(ctl.output.text == "{\"line\":\"one\"}\n{\"line\":\"\\u001btwo\"}\n")
    }

    @Test("when nobody reads any more, it ends quietly and at once")
    func brokenPipe() async {
        var ctl = ctl(log: String(repeating: "line\n", count: 10_000))
        ctl.output = MemorySink(readsUntil: 3)
        #expect(await ctl.ask("log", "i17", "--check", "test") == 0)
        #expect(ctl.output.writes == 3)
        #expect(ctl.errors.text.isEmpty)
    }

    @Test("a line that never ends is cut into pieces, and none of it is lost")
    func endlessLine() {
        var splitter = LineSplitter()
        var count = 0
        for _ in 0..<40 {
            count += splitter.feed(Array(repeating: 65, count: 100_000)).reduce(0) { $0 + $1.count }
        }
        count += splitter.finish()?.count ?? 0
        #expect(count == 4_000_000)
    }

    @Test("a diff and a prompt are shown as they are, but inert")
    func diff() async {
        let daemon = FakeProject {
            $0.diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\told\n+\u{1B}[2Jnew\n"
            $0.prompt = "# Do\n\nit\n"
        }
        let diff = Ctl(daemon)
        #expect(await diff.ask("diff", "stop") == 0)
        #expect(diff.output.text == "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\told\n+new\n")
        let prompt = Ctl(daemon)
        #expect(await prompt.ask("prompt", "stop/2") == 0)
        #expect(prompt.output.text == "# Do\n\nit\n")
    }
}
