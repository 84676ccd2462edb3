import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("the status screen")
struct StatusScreenTests {
    private func screen(_ view: StatusView, at now: String) -> String {
        StatusScreen(view, time: Moment.local(Moment.at(now)), terminal: .plain80).lines.shown
    }

    @Test("busy: head, now, next, figures, and that nothing is needed")
    func busy() {
        #expect(
            screen(StatusFixture.busy, at: "2026-11-22T00:14:00.000Z")
                == #"""
                tally   running   main 4be1c90   up 6h 12m                     01:14 Sun 22 Nov
                  now     #stop "`tally stop` ends the running entry"     try 2 of 4, 13m so far
                          claude/sonnet, at work; last output 11s ago
                          follow: ralphctl log stop -f
                  next    #note "`tally note TEXT` adds a note to the running en…", then 13 more
                  items   22 done  1 running  14 open  3 waiting  2 manual  4 later
                  since   22:00: 9 landed in 13 iterations, last #start at 00:52 (b81fd02)
                  spend   today ≈ $6.40, total ≈ $31.07
                  agents  claude ready, codex ready
                  checks  green on main        PRD.md read 01:02, no problems
                nothing needs you
                """#
        )
    }

    @Test("asleep on a limit with a question open")
    func sleeping() {
        #expect(
            screen(StatusFixture.sleeping, at: "2026-11-22T01:14:00.000Z")
                == #"""
                tally   waiting until 03:01 (47m)   main 9d02e11   up 7h 12m   02:14 Sun 22 Nov
                  why     claude hit its five-hour limit, resets 03:00; no other agent is
                          listed; sooner: ralphctl agents retry claude
                  now     nothing
                  next    #week "The week at a glance" at 03:01, then 9 more
                  items   26 done  0 running  10 open  4 waiting  2 manual  4 later
                  since   22:00: 13 landed in 19 iterations, last #csv at 01:58 (9d02e11)
                  spend   today ≈ $9.85, total ≈ $34.52
                  agents  claude asleep until 03:01
                  checks  green on main        PRD.md read 01:02, no problems

                needs you (1)
                  question 12, #json, since 01:31: "`tally export --json` prints an array of `…"
                    Should `export --json` write one array or one object per line?
                    its pick: one array, because the README shows one
                    ralphctl answer 12 "one array"
                """#
        )
    }

    @Test("held because a check is broken")
    func held() {
        #expect(
            screen(StatusFixture.held, at: "2026-11-22T00:14:00.000Z")
                == #"""
                tally   held since 23:40   main 4be1c90   up 6h 12m            01:14 Sun 22 Nov
                  why     check `test` cannot start, on main neither (exit 127): sh: 1: mkae:
                          not found; mend line 5 of PRD.md, or: ralphctl resume
                          tries by itself again at 01:40; 4 tries so far
                  now     nothing
                  next    #stop "`tally stop` ends the running entry", then 14 more
                  items   22 done  0 running  15 open  3 waiting  2 manual  4 later
                  since   22:00: 4 landed in 5 iterations, last #start at 23:31 (b81fd02)
                  spend   today ≈ $6.40, total ≈ $31.07
                  agents  claude ready, codex ready
                  checks  lint green, test BROKEN        PRD.md read 01:02, no problems

                needs you (1)
                  hold, since 23:40: see why
                    ralphctl log stop --check test
                """#
        )
    }

    @Test("all done, one item blocked")
    func allDone() {
        #expect(
            screen(StatusFixture.allDone, at: "2026-11-22T07:04:00.000Z")
                == #"""
                tally   idle   main e70a4f3   up 13h 2m                        08:04 Sun 22 Nov
                  why     nothing left that can run; add work to PRD.md and it starts at once
                  items   38 done  0 running  0 open  0 waiting  1 blocked  2 manual  4 later
                  since   22:00: 30 landed in 41 iterations, last #man at 06:40 (e70a4f3)
                          asleep on limits 2h 12m        all of it: ralphctl report
                  spend   today ≈ $14.20, total ≈ $38.87; 2 iterations unknown
                  agents  claude ready, codex ready
                  checks  green on main        PRD.md read 01:02, 1 warning: ralphctl prd check

                needs you (1)
                  blocked, #json, since 04:12: "`tally export --json` prints an array of `{sta…"
                    stuck: test tests/json.sh:30 failed the same way 3 times, last with opus
                    expected [] got [ (no entries yet)
                    look: ralphctl diff json     help: ralphctl retry json --note "…"
                    drop: ralphctl skip json     or reword line 38 of the PRD
                """#
        )
    }

    @Test(
        "no line is wider than the terminal, however long titles, keys and reasons are",
        arguments: [40, 60, 80]
    )
    func narrow(width: Int) {
        var view = StatusFixture.busy
        let long = String(repeating: "日本語 very long ", count: 200)
        view.running[0].title = long
        view.running[0].key = String(repeating: "key-", count: 40)
        view.next[0].title = long
        view.reason = long
        view.project = String(repeating: "tally-", count: 10)
        view.checks = long
        view.needsYou = [NeedView(kind: .prd, title: long, message: long, since: nil, action: "edit PRD.md")]
        var terminal = Terminal.plain80
        terminal.width = width
        let lines = StatusScreen(view, time: Moment.local(), terminal: terminal).lines
        #expect(lines.allSatisfy { $0.width <= width })
    }

    @Test(
        "where the line is too short for all of the last landing, it keeps its key",
        arguments: [60, 80]
    )
    func narrowSince(width: Int) {
        var terminal = Terminal.plain80
        terminal.width = width
        let lines = StatusScreen(StatusFixture.busy, time: Moment.local(), terminal: terminal).lines
        let since = lines.first { $0.string.hasPrefix("  since") }?.string
        #expect(since?.hasSuffix("…") == false)
        #expect(since?.contains(", last ") == since?.contains("#start"))
        #expect(since?.contains("9 landed in 13 iterations") == true)
    }

    @Test("what an agent or an author wrote does nothing on the terminal")
    func inert() {
        var view = StatusFixture.busy
        let evil = "\u{1B}]0;owned\u{07}\u{1B}[2J$(reboot)\n\u{202E}gnp.exe"
        view.running[0].title = evil
        view.project = evil
        view.agents[0].message = evil
        view.checks = evil
        view.needsYou = [
            NeedView(kind: .question, key: evil, title: evil, message: evil, since: nil, action: evil)
        ]
        let colour = Terminal(isInteractive: true, width: 80, hasColour: false, hasUnicode: true)
        for line in StatusScreen(view, time: Moment.local(), terminal: colour).lines {
            let scalars = line.rendered(for: colour).unicodeScalars
            #expect(
                !scalars.contains {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
                }
            )
        }
    }

    @Test("what is assumed for several iterations is assumed for them", arguments: [(1, "it"), (2, "them")])
    func assumed(count: Int, word: String) {
        var view = SpendView(todayUSD: 1, totalUSD: 2, unknownIterations: count)
        view.todayAssumedUSD = 3
        #expect(SpendWords(view).text?.string.hasSuffix("; $3.00 assumed for \(word) today") == true)
    }

    @Test("a cost that nobody knows is unknown, not nothing")
    func unknownCost() {
        var view = StatusFixture.busy
        view.spend = SpendView(todayUSD: 0, totalUSD: 0, unknownIterations: 3)
        #expect(screen(view, at: "2026-11-22T00:14:00.000Z").contains("\n  spend   unknown (3 iterations)\n"))
    }
}
