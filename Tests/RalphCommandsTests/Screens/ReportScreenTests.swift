import Foundation
import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("the morning's report")
struct ReportScreenTests {
    private func event(_ id: Int64, _ at: String, _ agent: String, _ state: String) -> EventRecord {
        EventRecord(
            id: EventID(id),
            at: Moment.at(at),
            kind: .agentChanged,
            details: ["name": agent, "state": state]
        )
    }

    @Test("what landed, slept, was asked and is stuck, with the commands that go on")
    func screen() {
        let item = Item(key: "stop", title: "`tally stop` ends the running entry", line: 3)
        var record = ItemRecord(id: ItemID(3), item: item, position: 1, createdAt: Moment.night)
        record.iterations = 2
        var view = ReportView(
            project: "tally",
            state: .waiting,
            since: Moment.at("2026-11-21T21:00:00.000Z"),
            at: Moment.night,
            spent: SpentView(
                usd: 6.4,
                planUSD: 6.4,
                unknownIterations: 1,
                tokens: TokensView(TokenUsage(output: 12_345))
            )
        )
        view.landed = [
            LandedView(
                item: record,
                commit: "4be1c90aaaaaaaa",
                at: Moment.at("2026-11-21T23:52:00.000Z"),
                iterations: 2
            )
        ]
        view.landedCount = 1
        view.iterations = 3
        view.outcomes["landed"] = 1
        view.outcomes["checks_failed"] = 2
        view.slept = [
            SleptView(
                agent: "claude",
                state: .asleep,
                from: Moment.at("2026-11-21T22:00:00.000Z"),
                until: Moment.at("2026-11-21T23:30:00.000Z")
            )
        ]
        view.sleptMS = 90 * 60_000
        view.stuck = StatusFixture.allDone.needsYou
        let shown = ReportScreen(view: view, time: Moment.local(), terminal: .plain80).lines.shown
        #expect(
            shown == """
                tally   1 landed since 22:00 (3h 14m)   now waiting
                  ended   3 iterations: 1 landed, 2 checks failed
                  slept   1h 30m on limits: claude 23:00–00:30
                  spent   ≈ $6.40, paid by plan, 12.3k tokens out; 1 iteration unknown

                landed (1)
                  00:52  4be1c90  #stop "`tally stop` ends the running entry"  2 tries

                stuck (1)
                  blocked, #json, since 04:12: "`tally export --json` prints an array of `{sta…"
                    stuck: test tests/json.sh:30 failed the same way 3 times, last with opus
                    expected [] got [ (no entries yet)
                    look: ralphctl diff json     help: ralphctl retry json --note "…"
                    drop: ralphctl skip json     or reword line 38 of the PRD
                """
        )
    }

    @Test(
        "times as people say them",
        arguments: [
            ("8h", "2026-11-21T16:14:00.000Z"), ("22:00", "2026-11-21T21:00:00.000Z"),
            ("01:14", "2026-11-22T00:14:00.000Z"), ("01:15", "2026-11-21T00:15:00.000Z"),
            ("2026-11-21", "2026-11-20T23:00:00.000Z"), ("2026-11-21 22:30", "2026-11-21T21:30:00.000Z"),
            ("2026-11-21T22:30", "2026-11-21T21:30:00.000Z"),
            ("2026-11-21T22:30:00Z", "2026-11-21T22:30:00.000Z"),
            ("2026-11-21T22:30:00+02:00", "2026-11-21T20:30:00.000Z"),
        ]
    )
    func instants(text: String, expected: String) {
        #expect(Instant(text: text).date(Moment.local()) == Moment.at(expected))
    }

    @Test(
        "what is no time is refused",
        arguments: ["", "soon", "25:00", "2026-13-01", "2026-11-21 22", "8", "-1h"]
    )
    func noInstants(text: String) async {
        #expect(Instant(text: text).date(Moment.local()) == nil)
        #expect(await Ctl(FakeProject { _ in }).ask("report", "--since=\(text)") == 64)
    }
}
