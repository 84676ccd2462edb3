import Foundation
import RalphAPI
import RalphCore

@testable import RalphCommands

/// A fixed clock and zone: one hour east of UTC.
enum Moment {
    /// 01:14 on Sunday 22 November 2026.
    static let night = at("2026-11-22T00:14:00.000Z")

    static func at(_ text: String) -> Date { WireTime.date(text) ?? .distantPast }

    static func local(_ now: Date = night) -> LocalTime { LocalTime(now: now) { _ in 3600 } }
}

extension Terminal {
    /// A person's terminal of 80 columns, without colour so that goldens are readable.
    static let plain80 = Terminal(isInteractive: true, width: 80, hasColour: false, hasUnicode: true)
}

extension [Text] {
    /// As it stands on the screen.
    var shown: String { map { $0.rendered(for: .plain80) }.joined(separator: "\n") }
}

/// The states of a project that people see most, as the wire has them.
enum StatusFixture {
    private static func base(
        _ state: ProjectState,
        sinceItems landed: Int,
        _ iterations: Int,
        last: SinceView.Landing
    )
        -> StatusView
    {
        var view = StatusView(
            project: "tally",
            repository: "/home/ann/tally",
            state: state,
            prd: PRDView(path: "/home/ann/tally/PRD.md", readAt: Moment.at("2026-11-22T00:02:00.000Z")),
            since: SinceView(
                at: Moment.at("2026-11-21T21:00:00.000Z"),
                landed: landed,
                iterations: iterations,
                last: last
            )
        )
        view.target = "main"
        view.tip = "4be1c90aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        view.pid = 4711
        view.startedAt = Moment.at("2026-11-21T18:02:00.000Z")
        view.agents = [AgentView(AgentRecord(name: "claude")), AgentView(AgentRecord(name: "codex"))]
        view.spend = SpendView(todayUSD: 6.4, totalUSD: 31.066, unknownIterations: 0)
        view.checks = "green on main"
        return view
    }

    private static func counts(_ counts: [ItemState: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: ItemState.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
    }

    private static let started = SinceView.Landing(
        item: ItemID(2),
        key: "start",
        commit: "b81fd02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        at: Moment.at("2026-11-21T23:52:00.000Z")
    )

    static var busy: StatusView {
        var view = base(.running, sinceItems: 9, 13, last: started)
        let stop = ItemView(
            id: ItemID(3),
            key: "stop",
            title: "`tally stop` ends the running entry",
            line: 29,
            state: .running,
            strikes: 1,
            maxStrikes: 4
        )
        view.running = [
            RunningView(
                item: stop,
                iteration: IterationID(17),
                ordinal: 2,
                stage: .agent,
                agent: "claude",
                model: "sonnet",
                startedAt: Moment.at("2026-11-22T00:01:00.000Z"),
                lastOutputAt: Moment.at("2026-11-22T00:13:49.000Z")
            )
        ]
        view.next = [
            NextView(
                item: ItemID(4),
                key: "note",
                title: "`tally note TEXT` adds a note to the running entry"
            )
        ]
        view.items = counts([.done: 22, .running: 1, .open: 14, .waiting: 3, .manual: 2, .later: 4])
        return view
    }

    /// At 02:14, an hour later than the others.
    static var sleeping: StatusView {
        var view = base(
            .waiting,
            sinceItems: 13,
            19,
            last: SinceView.Landing(
                item: ItemID(9),
                key: "csv",
                commit: "9d02e11ccccccccccccccccccccccccccccccccc",
                at: Moment.at("2026-11-22T00:58:00.000Z")
            )
        )
        view.tip = "9d02e11ccccccccccccccccccccccccccccccccc"
        view.until = Moment.at("2026-11-22T02:01:00.000Z")
        view.reason =
            "claude hit its five-hour limit, resets 03:00; no other agent is listed; sooner: ralphctl agents retry claude"
        view.next = [NextView(item: ItemID(11), key: "week", title: "The week at a glance")]
        view.items = counts([.done: 26, .open: 10, .waiting: 4, .manual: 2, .later: 4])
        view.spend = SpendView(todayUSD: 9.85, totalUSD: 34.52, unknownIterations: 0)
        view.agents = [AgentView(AgentRecord(name: "claude", state: .asleep, until: view.until))]
        view.needsYou = [
            NeedView(
                kind: .question,
                item: ItemID(10),
                key: "json",
                title: "`tally export --json` prints an array of `{start, stop, project}`",
                question: QuestionID(12),
                message:
                    "Should `export --json` write one array or one object per line?\nits pick: one array, because the README shows one",
                since: Moment.at("2026-11-22T00:31:00.000Z"),
                action: "ralphctl answer 12 \"one array\""
            )
        ]
        return view
    }

    static var held: StatusView {
        var view = base(.held, sinceItems: 4, 5, last: started)
        view.since.last?.at = Moment.at("2026-11-21T22:31:00.000Z")
        let message =
            "check `test` cannot start, on main neither (exit 127): sh: 1: mkae: not found; mend line 5 of PRD.md, or: ralphctl resume"
        view.hold = HoldView(
            Hold(
                kind: .checkBroken,
                message: message,
                since: Moment.at("2026-11-21T22:40:00.000Z"),
                tries: 4,
                nextProbe: Moment.at("2026-11-22T00:40:00.000Z")
            )
        )
        view.reason = message
        view.next = [NextView(item: ItemID(3), key: "stop", title: "`tally stop` ends the running entry")]
        view.items = counts([.done: 22, .open: 15, .waiting: 3, .manual: 2, .later: 4])
        view.checks = "lint green, test BROKEN"
        view.needsYou = [
            NeedView(
                kind: .hold,
                message: message,
                since: view.hold?.since,
                action: "ralphctl log stop --check test"
            )
        ]
        return view
    }

    /// At 08:04 in the morning.
    static var allDone: StatusView {
        var view = base(
            .idle,
            sinceItems: 30,
            41,
            last: SinceView.Landing(
                item: ItemID(20),
                key: "man",
                commit: "e70a4f3ddddddddddddddddddddddddddddddddd",
                at: Moment.at("2026-11-22T05:40:00.000Z")
            )
        )
        view.tip = "e70a4f3ddddddddddddddddddddddddddddddddd"
        view.reason = "nothing left that can run; add work to PRD.md and it starts at once"
        view.since.sleptMS = 132 * 60_000
        view.items = counts([.done: 38, .blocked: 1, .manual: 2, .later: 4])
        view.spend = SpendView(todayUSD: 14.2, totalUSD: 38.87, unknownIterations: 2)
        view.prd.problems = [
            Diagnostic(line: 38, column: 3, severity: .warning, message: "more than 8 criteria")
        ]
        view.needsYou = [
            NeedView(
                kind: .blocked,
                item: ItemID(10),
                key: "json",
                title: "`tally export --json` prints an array of `{start, stop, project}`",
                line: 38,
                message:
                    "stuck: test tests/json.sh:30 failed the same way 3 times, last with opus\nexpected [] got [ (no entries yet)",
                since: Moment.at("2026-11-22T03:12:00.000Z"),
                action: "ralphctl retry json --note \"…\""
            )
        ]
        return view
    }
}
