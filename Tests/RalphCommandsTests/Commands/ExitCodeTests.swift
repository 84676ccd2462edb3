import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("exit codes and errors")
struct ExitCodeTests {
    @Test(
        "a mistake on the command line is one line on standard error and 64",
        arguments: [
            ["frobnicate"], ["status", "--frob"], ["show"], ["items", "--state", "lost"],
            ["history", "--limit", "0"],
            ["history", "--limit", "many"], ["wait", "--timeout", "soon"], ["answer", "twelve", "yes"],
            ["show", " "],
            ["retry", "a", "b"], ["help", "frobnicate"],
        ]
    )
    func usage(arguments: [String]) async {
        let ctl = Ctl()
        #expect(await ctl.run(arguments) == 64)
        #expect(ctl.output.text.isEmpty)
        let errors = ctl.errors.text
        #expect(errors.hasPrefix("ralphctl: "))
        #expect(errors.split(separator: "\n").count == 1, "\(errors)")
        #expect(errors.contains("help"), "\(errors)")
    }

    @Test(
        "a wrong value is named with what it could be",
        arguments: [
            (["history", "--limit", "0"], "--limit must be at least 1"),
            (["wait", "--timeout", "5"], "\"5\" is no length of time: write 90s, 10m or 1h30m"),
            (["retry", "a", "--note", " "], "--note is empty"),
            (["items", "--state", "lost"], "open, running, waiting, blocked"),
        ] as [([String], String)]
    )
    func values(arguments: [String], words: String) async {
        let ctl = Ctl()
        #expect(await ctl.run(arguments) == 64)
        #expect(ctl.errors.text.contains(words), "\(ctl.errors.text)")
    }

    @Test(
        "each failure has its code and says itself in one line",
        arguments: [
            (Failure(.notFound, "no item \"foo\": the items are listed by ralphctl items"), 66),
            (Failure(.ambiguous, "\"a\" could be 1 start, 2 stop: use a number"), 64),
            (Failure(.conflict, "#stop is done already"), 1),
            (Failure(.storage, "the disk is full"), 1),
            (Failure(.internalError, "two\nlines \u{1B}[2J"), 1),
        ] as [(Failure, Int32)]
    )
    func failures(failure: Failure, code: Int32) async {
        let ctl = Ctl(FakeProject { $0.failure = failure })
        #expect(await ctl.ask("show", "foo") == code)
        #expect(ctl.output.text.isEmpty)
        #expect(ctl.errors.text == "ralphctl: \(InertText.line(failure.message))\n")
    }

    @Test(
        "nobody answers and no history is known: 69",
        arguments: [["status"], ["pause"], ["retry", "x"], ["log", "x"]]
    )
    func noDaemon(arguments: [String]) async {
        let ctl = Ctl()
        #expect(await ctl.run(arguments + ["--socket", "/nowhere/ralphd.sock"]) == 69)
        #expect(ctl.errors.text.hasPrefix("ralphctl: no daemon answers"))
    }

    @Test("status exits 3 when something needs a person, and 0 when nothing does")
    func status() async {
        #expect(await Ctl(FakeProject { $0.statuses = [StatusFixture.busy] }).ask("status") == 0)
        #expect(await Ctl(FakeProject { $0.statuses = [StatusFixture.sleeping] }).ask("status") == 3)
    }

    @Test("every deed reaches the daemon as it was meant")
    func deeds() async {
        let daemon = FakeProject { $0.action = ActionView("#stop is open again", item: ItemID(3)) }
        let ctl = Ctl(daemon)
        #expect(await ctl.ask("pause", "--now") == 0)
        #expect(await ctl.ask("resume") == 0)
        #expect(await ctl.ask("retry", "stop", "--note", "try harder", "--fresh") == 0)
        #expect(await ctl.ask("skip", "#stop") == 0)
        #expect(await ctl.ask("accept", "L38") == 0)
        #expect(await ctl.ask("answer", "12", "one array") == 0)
        #expect(await ctl.ask("add", "a thing") == 0)
        #expect(await ctl.ask("agents", "retry", "claude") == 0)
        #expect(
            daemon.done == [
                "pause now=true", "resume", "retry stop note=try harder fresh=true", "skip #stop",
                "accept L38",
                "answer 12 one array", "add a thing", "agent claude",
            ]
        )
        #expect(ctl.output.text.hasPrefix("#stop is open again\n"))
    }
}
