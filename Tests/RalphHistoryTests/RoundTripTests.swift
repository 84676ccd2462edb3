import Foundation
import RalphCore
import Testing

@testable import RalphHistory

@Suite("what is written is read back", .timeLimit(.minutes(5)))
struct RoundTripTests {
    private let state = TemporaryState()

    @Test("an item with everything set comes back equal after the file was reopened")
    func fullItem() throws {
        var attributes = ItemAttributes()
        attributes.after = ["db"]
        attributes.agent = AgentChoice(name: "codex", model: "gpt")
        attributes.checks = ["npm test -- login"]
        attributes.timeout = .seconds(1800)
        var record = ItemRecord.sample()
        record.item.explicitID = "login"
        record.item.boxOffset = 42
        record.item.isTicked = true
        record.item.criteria = [Criterion(text: "works", line: 11, boxOffset: 60, isTicked: true)]
        record.item.details = "first\nsecond"
        record.item.attributes = attributes
        record.item.error = "unknown key"
        record.state = .blocked
        record.reason = "stuck"
        record.waitUntil = .fixed
        (record.strikes, record.iterations, record.backoffs) = (3, 4, 2)
        record.sameFailure = FailureStreak(signature: "abc", model: nil, count: 3)
        record.unpaid = UnpaidStreak(outcome: .conflict, count: 2)
        record.block = Block(kind: .confirm, message: "no proof", since: .fixed, agent: "critic")
        record.kept = KeptWork(
            commit: ObjectID("a1"),
            base: ObjectID("b2"),
            filesChanged: 3,
            insertions: 74,
            deletions: 9
        )
        record.lastTry = LastTry(
            outcome: .checksFailed,
            detail: "d",
            checks: [.sample],
            failingOnBase: ["lint"],
            repeats: 2,
            hiddenFiles: ["x.o"]
        )
        record.note = "try harder"
        record.answer = Answer(question: "array?", answer: "yes")
        record.commit = ObjectID("c3")
        record.isTickOwed = true
        record.doneAt = .fixed
        let first = try state.open()
        record.id = try first.insertItems([record])[0].id
        first.close()
        #expect(try state.open().item(record.id) == record)
    }

    @Test("a plain item comes back equal")
    func plainItem() throws {
        let history = try state.open()
        let item = try history.addItem()
        #expect(try history.items() == [item])
        #expect(item.id == ItemID(1))
    }

    @Test("titles with quotes, escapes, NUL and 10,000 characters come back, the NUL as U+FFFD")
    func strangeText() throws {
        let titles = [
            "'; DROP TABLE item; --", "\u{1B}[31mred", "a\u{0}b", String(repeating: "é", count: 10_000),
        ]
        let history = try state.open()
        var records = titles.map { ItemRecord.sample($0) }
        for index in records.indices { records[index].item.section = [titles[index]] }
        _ = try history.insertItems(records)
        #expect(try history.items().map(\.item.key) == titles.map { $0.replacing("\u{0}", with: "\u{FFFD}") })
        #expect(try history.items().map(\.item.section) == titles.map { [$0] })
    }

    @Test("an iteration with everything set comes back equal after the file was reopened")
    func fullIteration() throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        iteration.model = "claude-opus-4-5"
        iteration.stage = .landing
        iteration.outcome = .checksFailed
        iteration.isStrike = true
        iteration.endedAt = .fixed
        (iteration.exitCode, iteration.signal, iteration.sessionID) = (2, 9, "s")
        (iteration.turns, iteration.toolCalls) = (7, 30)
        iteration.tokens = TokenUsage(input: 1, output: 2, cacheRead: 3, cacheWrite: 4)
        iteration.cost = .plan(0.125)
        iteration.limitReset = .fixed
        (iteration.tree, iteration.candidate, iteration.commit) = (
            ObjectID("t"), ObjectID("c"), ObjectID("m")
        )
        iteration.kept = KeptWork(
            commit: ObjectID("a1"),
            base: ObjectID("b2"),
            filesChanged: 3,
            insertions: 74,
            deletions: 9
        )
        (iteration.signature, iteration.error, iteration.summary) = ("sig", "exit 2", "did it")
        (iteration.processID, iteration.processStart) = (4711, .max)
        item.state = .open
        try history.finish(IterationEnd(iteration: iteration, items: [item]))
        history.close()
        #expect(try state.open().iteration(iteration.id) == iteration)
        #expect(
            try SQLiteHistory.openReadOnly(directory: state.directory).iteration(uuid: iteration.uuid)
                == iteration
        )
    }

    @Test("project, hold, problems and agents come back equal")
    func project() throws {
        var project = ProjectRecord(name: "tally", repository: "/home/a/tally", prdPath: "PRD.md")
        let history = try state.open()
        #expect(try history.project() == nil)
        try history.saveProject(project)
        #expect(try history.project() == project)
        project.target = "refs/heads/main"
        project.targetTip = ObjectID("4be1c90")
        (project.state, project.reason, project.until, project.isPaused) = (.held, "broken", .fixed, true)
        project.hold = Hold(kind: .checkBroken, message: "mkae", since: .fixed, tries: 4, nextProbe: .fixed)
        project.prdProblems = [Diagnostic(line: 5, column: 1, severity: .warning, message: "odd box")]
        (project.prdReadAt, project.checksNote) = (.fixed, "test: make test")
        (project.daemonPID, project.startedAt) = (12, .fixed)
        let agents = [
            AgentRecord(
                name: "claude",
                state: .asleep,
                until: .fixed,
                message: "five-hour limit",
                refusals: 1
            ),
            AgentRecord(name: "codex"),
        ]
        try history.save(agents: agents, project: project)
        #expect(try history.project() == project)
        #expect(try history.agents() == agents)
    }

    @Test("checks and receipts come back equal")
    func checks() throws {
        let history = try state.open()
        let (_, iteration) = try history.beginSample()
        var lint = CheckResult.sample
        (lint.name, lint.exitCode, lint.verdict) = ("lint", nil, .flaky)
        try history.add(checks: [.sample, lint], for: iteration.id, subject: .candidate)
        try history.add(checks: [lint], for: iteration.id, subject: .base)
        #expect(try history.checks(of: iteration.id) == [.sample, lint])
        #expect(try history.checks(of: iteration.id, subject: .base) == [lint])
        #expect(try history.receipt(tree: ObjectID("t"), checksHash: "h") == nil)
        try history.saveReceipt(tree: ObjectID("t"), checksHash: "h", results: [.sample])
        try history.saveReceipt(tree: ObjectID("t"), checksHash: "h", results: [lint])
        #expect(try history.receipt(tree: ObjectID("t"), checksHash: "h") == [lint])
        #expect(try history.receipt(tree: ObjectID("t"), checksHash: "other") == nil)
    }

    @Test(
        "a list of headings comes back, whatever is in them",
        arguments: [
            [], [""], ["", ""], ["a"], ["a", "b"], ["a\",\"b"], ["\\"], ["[\"x\"]"], ["a, b", "\", "],
            ["\u{1}\n\u{1F}"],
            ["é\u{301} 👩‍👩‍👧 \u{2028}", "/"], ["\u{0}"],
        ]
    )
    func stringLists(list: [String]) throws {
        #expect(StringList.decode(StringList.encode(list)) == list)
        let data = Data(StringList.encode(list).utf8)
        #expect(try JSONDecoder().decode([String].self, from: data) == list)
    }

    @Test("a list that a person wrote with spaces is read too")
    func spacedList() {
        #expect(StringList.decode(#"[ "a", "b" ]"#) == ["a", "b"])
        #expect(StringList.decode(#"["a", "b"]"#) == ["a", "b"])
        #expect(StringList.decode("[1]").isEmpty)
    }
}

extension CheckResult {
    static let sample = CheckResult(
        name: "test",
        verdict: .failed,
        exitCode: 2,
        duration: .milliseconds(38_412),
        summary: "exit 2",
        head: "first",
        tail: "last\u{2028}",
        lineCount: 412
    )
}
