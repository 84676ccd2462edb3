import Foundation
import RalphAPI
import RalphCore
import RalphHistory
import RalphReport
import RalphTestSupport
import SystemPackage
import Testing

@Suite("What a person has to do")
struct NeedTests {
    @Test("every need has its kind and the command that ends it")
    func kinds() async throws {
        let fixture = try Fixture()
        func block(_ key: String, _ kind: Block.Kind, _ state: ItemState, line: Int) throws {
            try fixture.addItem(key, "Write \(key)", line: line) {
                $0.state = state
                $0.block = Block(kind: kind, message: "\(key) says why", since: .fixed)
            }
        }
        try block("stuck", .blocked, .blocked, line: 1)
        try block("sure", .confirm, .blocked, line: 2)
        try block("mine", .inTheWay, .waiting, line: 3)
        try block("passed", .skipped, .blocked, line: 4)
        try block("odd key", .undone, .blocked, line: 5)
        try fixture.addItem("judged", "Write it", line: 8) {
            $0.state = .waiting
            $0.block = Block(kind: .inTheWay, message: "no review yet", since: .fixed, agent: "critic")
        }
        try fixture.addItem("wrong", "Write it", line: 6) {
            $0.state = .blocked
            $0.item.error = "unknown key agnet"
        }
        let asked = try fixture.addItem("json", "Print JSON", line: 7)
        var iteration = try fixture.begin(asked)
        iteration.outcome = .question
        var end = IterationEnd(iteration: iteration, items: [])
        end.question = "One array?"
        try fixture.history.finish(end)
        try fixture.history.saveAgents([
            AgentRecord(name: "codex", state: .setAside, message: "not logged in")
        ])
        var project = try #require(try fixture.history.project())
        project.hold = Hold(
            kind: .checkBroken,
            message: "check `test` cannot start",
            since: .fixed,
            nextProbe: .fixed
        )
        project.prdProblems = [
            Diagnostic(line: 6, column: 1, severity: .error, message: "unknown key agnet"),
            Diagnostic(line: 2, column: 1, severity: .error, message: "a bad line"),
            Diagnostic(line: 3, column: 1, severity: .warning, message: "an odd line"),
        ]
        try fixture.history.saveProject(project)

        let needs = try await fixture.report.status().needsYou
        #expect(
            needs.map { "\($0.kind.rawValue): \($0.action)" } == [
                "hold: edit /home/a/tally/PRD.md: mend the check, or ralphctl resume",
                "prd: ralphctl prd check",
                "agent: ralphctl agents retry codex",
                "question: ralphctl answer 1 \"…\"",
                "blocked: ralphctl retry stuck --note \"…\"",
                "confirm: ralphctl accept sure",
                "in_the_way: git -C /home/a/tally status",
                "blocked: ralphctl retry 5",
                "blocked: edit /home/a/tally/PRD.md line 6",
                "agent: ralphctl agents test critic",
            ]
        )
        #expect(needs[3].message == "One array?")
        #expect(needs[3].key == "json")
    }

    @Test(
        "a hold is ended by what mends it",
        arguments: [
            (.budget, "edit /home/a/tally/PRD.md: raise `budget: {total: …}`"),
            (.noChecks, "edit /home/a/tally/PRD.md: write `checks: […]`"),
            (.baseRed, "ralphctl resume"), (.storage, "ralphctl resume"),
        ] as [(Hold.Kind, String)]
    )
    func holds(kind: Hold.Kind, action: String) async throws {
        let fixture = try Fixture()
        var project = try #require(try fixture.history.project())
        project.hold = Hold(kind: kind, message: "it is held", since: .fixed, nextProbe: .fixed)
        try fixture.history.saveProject(project)
        try await #expect(fixture.report.status().needsYou.map(\.action) == [action])
    }

    @Test("what no agent does needs a person once others wait for it, whether or not a daemon runs")
    func gates() async throws {
        let fixture = try Fixture()
        try fixture.addItem("buy", "Buy it") { $0.state = .manual }
        try fixture.addItem("alone", "Look at it", line: 2) { $0.state = .manual }
        try fixture.addItem("soon", "Plan it", line: 3) { $0.state = .later }
        for (line, key, after) in [(4, "use", "buy"), (5, "sell", "use"), (6, "do", "soon")] {
            try fixture.addItem(key, "Do \(key)", line: line) {
                $0.state = .waiting
                $0.item.attributes.after = [after]
            }
        }
        let expected = [
            "confirm #buy: a person does it, and others wait for it: ralphctl accept buy",
            "blocked #soon: marked as later, and others wait for it: "
                + "edit /home/a/tally/PRD.md line 3: drop `later`",
        ]
        func words(_ status: StatusView) -> [String] {
            status.needsYou.map { "\($0.kind.rawValue) #\($0.key ?? ""): \($0.message): \($0.action)" }
        }
        try await #expect(words(fixture.report.status()) == expected)
        try await #expect(fixture.report.item(.key("buy")).action == "ralphctl accept buy")
        try await #expect(fixture.report.item(.key("alone")).action == nil)

        let state = fixture.directory.path.appending("state")
        let reader = try SQLiteHistory.openReadOnly(directory: state)
        let stopped = HistoryReport(history: reader, stateDirectory: state)
        // Nobody is missed: a daemon could not go on either.
        try await #expect(words(stopped.status()) == expected)
        try fixture.addItem("next", "Do next", line: 7) {
            $0.state = .waiting
            $0.item.attributes.after = ["free"]
        }
        try fixture.addItem("free", "Do it", line: 8)
        let missed = try await stopped.status().needsYou.first
        #expect(missed?.message == "the daemon died: 2 items are not done, and nobody works on them")
    }

    @Test("a report counts the tries of each landing, and marks the one that was undone")
    func landings() async throws {
        let fixture = try Fixture()
        var item = try fixture.addItem("it", "Write it")
        func run(_ outcome: Outcome, _ state: ItemState) throws {
            var iteration = try fixture.begin(item)
            iteration.outcome = outcome
            iteration.endedAt = .fixed
            item.state = state
            item.iterations = iteration.ordinal
            if outcome == .landed {
                iteration.commit = ObjectID(String(repeating: "\(iteration.ordinal)", count: 40))
                item.commit = iteration.commit
            }
            try fixture.history.finish(IterationEnd(iteration: iteration, items: [item]))
        }
        func told() async throws -> [String] {
            try await fixture.report.report(since: .distantPast).landed.map {
                "\($0.iterations)\($0.isUndone ? " undone" : "")"
            }
        }
        try run(.landed, .done)
        try await #expect(told() == ["1"])
        item.state = .blocked
        item.block = Block(kind: .undone, message: "undone by you", since: .fixed)
        item.reason = item.block?.message
        try fixture.history.saveItems([item])
        try await #expect(told() == ["1 undone"])
        (item.state, item.block, item.reason) = (.open, nil, "in line")
        try fixture.history.saveItems([item])
        try run(.checksFailed, .open)
        try await #expect(told() == ["1 undone"])
        try run(.landed, .done)
        try await #expect(told() == ["1 undone", "2"])
        // Asked for again, which undoes nothing; and stuck this time.
        (item.state, item.commit, item.reason) = (.open, nil, "in line")
        try fixture.history.saveItems([item])
        try run(.checksFailed, .blocked)
        try await #expect(told() == ["1 undone", "2"])
    }

    @Test("every item that is not done has a reason", arguments: ItemState.allCases)
    func reasons(state: ItemState) async throws {
        let fixture = try Fixture()
        try fixture.addItem("it", "Write it") { $0.state = state }
        let item = try await fixture.report.item(.key("it"))
        #expect((item.reason == nil) == (state == .done))
    }

    @Test("without a daemon the project is stopped, and what was written is still told")
    func withoutDaemon() async throws {
        let fixture = try Fixture()
        let (landed, running) = try fixture.fill()
        let state = fixture.directory.path.appending("state")
        let reader = try SQLiteHistory.openReadOnly(directory: state)
        let report = HistoryReport(history: reader, stateDirectory: state)
        let status = try await report.status()
        #expect(status.state == .stopped)
        #expect(status.pid == nil)
        #expect(status.running.isEmpty)
        #expect(status.count(.done) == 1)
        try await #expect(report.iterations(IterationQuery()).count == 2)
        try await #expect(report.prompt(.number(landed.id)) == "what to do\n")
        try fixture.write("so far\n", .transcript, of: running)
        var text: [UInt8] = []
        for try await piece in try await report.log(.number(running.id), LogQuery(follow: true)) {
            text += piece
        }
        #expect(text == Array("so far\n".utf8))
        var events = 0
        for try await _ in try await report.events(after: EventID(0)) { events += 1 }
        #expect(events > 0)
        let diff = await #expect(throws: Failure.self) { try await report.diff(.number(landed.id)) }
        #expect(diff?.code == .noDaemon)
        try fixture.write("diff --git\n", .changes, of: landed)
        try await #expect(report.diff(.number(landed.id)) == "diff --git\n")
    }

    @Test("a daemon that died with work open is missed: nobody works, and the command that starts it is told")
    func missed() async throws {
        let fixture = try Fixture()
        let (_, running) = try fixture.fill()
        let state = fixture.directory.path.appending("state")
        func report(_ kind: Absence.Kind) throws -> HistoryReport {
            let reader = try SQLiteHistory.openReadOnly(directory: state)
            return HistoryReport(
                history: reader,
                stateDirectory: state,
                absence: Absence(kind, mend: "ralphd PRD.md")
            )
        }
        let died = try await report(.stopped).status()
        #expect(died.count(.running) == 0)
        #expect(died.count(.open) == 2)
        #expect(died.next.first?.item == running.item)
        #expect(
            died.reason == "its daemon (process 4711) died; what it was at is taken up again when one starts"
        )
        #expect(died.needsYou.map(\.kind) == [.hold])
        #expect(
            died.needsYou.first?.message == "the daemon died: 2 items are not done, and nobody works on them"
        )
        #expect(died.needsYou.first?.action == "ralphd PRD.md")
        let items = try await report(.stopped).items(ItemQuery(states: [.open]))
        #expect(items.map(\.id) == [running.item, ItemID(3)])
        #expect(items.first?.reason?.contains("an agent works") == false)
        try await #expect(report(.stopped).items(ItemQuery(states: [.running])).isEmpty)
        try await #expect(report(.stopped).item(.number(running.item)).state == .open)

        let cutOff = try await report(.stopped).iterations(IterationQuery()).first
        #expect(cutOff?.outcome == nil)
        #expect(cutOff?.error == "cut off when its daemon ended")

        let starting = try await report(.starting).status()
        #expect(starting.state == .stopped)
        #expect(starting.needsYou.isEmpty)
        let silent = try await report(.silent).status()
        #expect(silent.state == .running)
        #expect(silent.running.map(\.iteration) == [running.id])
        #expect(
            silent.needsYou.map(\.message) == [
                "the daemon does not answer: it is stopped (SIGSTOP) or it hangs"
            ]
        )
    }

    @Test("a daemon that was stopped with nothing left to do is not missed")
    func notMissed() async throws {
        let fixture = try Fixture()
        try fixture.addItem("done", "Write it") { $0.state = .done }
        try fixture.addItem("licence", "Choose it", line: 2) { $0.state = .manual }
        var project = try #require(try fixture.history.project())
        project.daemonPID = nil
        try fixture.history.saveProject(project)
        let state = fixture.directory.path.appending("state")
        let reader = try SQLiteHistory.openReadOnly(directory: state)
        let status = try await HistoryReport(history: reader, stateDirectory: state).status()
        #expect(status.needsYou.isEmpty)
        #expect(status.reason == "no daemon runs")
    }

    @Test("how the checks stand on the tip is told, by the last run there or by a later receipt")
    func baseChecks() async throws {
        let fixture = try Fixture()
        let tip = ObjectID(String(repeating: "4", count: 40))
        try await #expect(fixture.report.status().baseChecks.isEmpty)
        let item = try fixture.addItem("it", "Write it")
        let iteration = try fixture.history.begin(
            IterationStart(
                item: item.id,
                uuid: UUID().uuidString.lowercased(),
                agent: AgentChoice(name: "claude"),
                target: "refs/heads/main",
                base: tip
            )
        )
        func result(_ name: String, _ verdict: CheckVerdict) -> CheckResult {
            CheckResult(name: name, verdict: verdict, exitCode: 1, duration: .seconds(1), summary: "")
        }
        try fixture.history.add(
            checks: [result("lint", .passed), result("test", .failed), result("item", .failed)],
            for: iteration.id,
            subject: .base
        )
        try await #expect(
            fixture.report.status().baseChecks.map { "\($0.name) \($0.verdict.rawValue)" } == [
                "lint passed", "test failed",
            ]
        )
        var project = try #require(try fixture.history.project())
        project.targetTip = ObjectID(String(repeating: "5", count: 40))
        try fixture.history.saveProject(project)
        try fixture.history.save(receipts: [
            Receipt(
                tree: ObjectID(String(repeating: "5", count: 40)),
                checksHash: "1",
                results: [result("test", .passed)]
            )
        ])
        try await #expect(fixture.report.status().baseChecks.map(\.verdict) == [.passed])
    }

    @Test("what is next is told in the order in which it will run")
    func next() async throws {
        let fixture = try Fixture()
        for line in 1...5 {
            try fixture.addItem("k\(line)", "Write", line: line) {
                if line == 4 { $0.item.attributes.priority = 1 }
                if line == 2 { $0.state = .waiting }
            }
        }
        try await #expect(fixture.report.status().next.map(\.key) == ["k4", "k1", "k3"])
    }
}
