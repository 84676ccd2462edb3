import Foundation
import RalphCore
import RalphHistory
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

/// What one item's trouble does to the others, and to the project.
@Suite("a run of several items", .timeLimit(.minutes(5)))
struct LoopTests {
    @Test("trap 20: a hopeless item is blocked, the others are done, and the end says why")
    func hopeless() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Hopeless {#b attempts=2}\n- [ ] Three {#c}",
            script: "item #b\n  summary Nothing."
        )
        let ending = try project.run()
        #expect(ending.status == 3)
        #expect(try project.outcomes() == ["a landed", "b no_change", "b no_change", "c landed"])
        #expect(try project.boxes() == [true, false, true])
        #expect(try project.item("b").state == .blocked)
        let last = try #require(ending.errors.split(separator: "\n").last)
        #expect(last.hasPrefix("ralphd: 2 of 3 items done, 1 needs you: #b 2 tries"))
        #expect(last.hasSuffix("; ralphctl status"))
    }

    @Test("trap 21: a check that cannot start holds the project, loudly and without a strike")
    func brokenCheck() throws {
        let project = try Project("- [ ] Work {#a}", checks: "\n  - mkae test")
        let ending = try project.run()
        #expect(ending.status == 3)
        #expect(try project.outcomes().allSatisfy { $0 == "a check_broken" })
        #expect(try project.item("a").strikes == 0)
        #expect(try project.boxes() == [false])
        let hold = try #require(try project.history().project()?.hold)
        #expect(hold.kind == .checkBroken)
        #expect(hold.message.contains("`mkae test`") && hold.message.contains("PRD.md:5"))
        #expect(ending.errors.contains("PRD.md:5"))
        #expect(
            ending.errors.split(separator: "\n").last?.hasPrefix("ralphd: 0 of 1 item done, held: ") == true
        )
        #expect(try project.run().status == 3)
        let mended = try project.prd().replacing("mkae test", with: "true")
        try project.repository.commit("Mend the check", ["PRD.md": mended])
        #expect(try project.run().status == 0)
        #expect(try project.history().project()?.checksNote?.contains("`true`") == true)
    }

    @Test("trap 34: what fails without the item is said apart from what the item broke")
    func redBase() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                try 1
                  delete good
                try 2
                  expect Failing on main too, but everything must pass to land: old
                  expect `new` passes on main, so this comes from the changes above.
                  write good
                    | good
                  write bad
                    | mended
                """,
            checks: "[{name: old, run: grep mended bad}, {name: new, run: test -e good}]",
            files: ["bad": "bad\n", "good": "good\n"]
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a checks_failed", "a landed"])
        let first = try project.iterations(of: "a")[0]
        let onBase = try project.history().checks(of: first.id, subject: .base)
        #expect(onBase.map(\.verdict) == [.failed, .passed])
        #expect(try project.history().checks(of: first.id).map(\.verdict) == [.failed, .failed])
    }

    @Test("after an answer the next run is told that it was asked for, and finds all of a long one")
    func answered() throws {
        let ask = "mkdir -p .ralphd/outbox; echo Which? > .ralphd/outbox/question.md"
        let project = try Project(
            "- [ ] Ask {#a}",
            script: """
                item #a
                  run if grep LASTWORD .ralphd/author.md; then echo a > a.txt; else \(ask); fi
                """
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the question") { (try? project.history().openQuestions().isEmpty) == false }
        let answer = String(repeating: "It depends. ", count: 100) + "LASTWORD"
        #expect(try project.ctl("answer", "1", answer).status == 0)
        try wait(for: "the landing") { try project.boxes() == [true] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        let last = try #require(try project.iterations(of: "a").last)
        let prompt = try project.prompt(of: last)
        #expect(prompt.contains("The last run stopped to ask the question above."))
        #expect(prompt.contains("read all of it in .ralphd/author.md"))
        #expect(!prompt.contains("LASTWORD"))
        try project.assertWhole()
    }

    @Test("trap 36: a question stops its item alone")
    func question() throws {
        let project = try Project(
            "- [ ] Ask {#a}\n- [ ] Work {#b}",
            script: """
                item #a
                try 1
                  question Tabs or spaces?
                """
        )
        let ending = try project.run()
        #expect(ending.status == 3)
        #expect(ending.errors.contains("Tabs or spaces?"))
        #expect(try project.outcomes() == ["a question", "b landed"])
        #expect(try project.item("a").state == .waiting)
        #expect(try project.history().openQuestions().map(\.question) == ["Tabs or spaces?"])
        #expect(try project.ctl("status").status == 3)
    }

    @Test("trap 38: the same failure three times is stuck, and the next item runs")
    func stuck() throws {
        let project = try Project(
            "- [ ] Stuck {#a}\n- [ ] Work {#b}",
            script: """
                item #a
                  append bad
                    | {try}
                """,
            checks: "[\"! test -e bad || { echo error at 12:0$(wc -l < bad); exit 1; }\"]"
        )
        #expect(try project.run().status == 3)
        #expect(
            try project.outcomes() == ["a checks_failed", "a checks_failed", "a checks_failed", "b landed"]
        )
        #expect(try project.item("a").block?.message.hasPrefix("stuck: the same failure 3 times") == true)
    }

    @Test("an iteration that ends by SIGTERM is interrupted, without a strike, and its work goes on")
    func stopped() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  write a.txt
                    | a
                  run touch {place}/started
                  wait-for {place}/go
                """
        )
        let daemon = try project.start()
        try wait(for: "the agent to start") { project.place.exists("started") }
        daemon.send(SIGTERM)
        let ending = daemon.wait(seconds: 20)
        #expect(ending.status == 0)
        try project.assertWhole(ending.errors)
        #expect(try project.outcomes() == ["a interrupted"])
        #expect(try project.item("a").strikes == 0)
        #expect(try project.item("a").kept?.filesChanged == 1)
        try project.place.write("", to: "go")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a interrupted", "a landed"])
    }

    @Test("thirty items in two hundred files, a third of them failing twice, become thirty commits")
    func thirtyItems() throws {
        let items = (1...30).map { "- [ ] Item \($0) {#i\($0)}" }.joined(separator: "\n")
        let failing = (1...30).filter { $0 % 3 == 0 }.map {
            """
            item #i\($0)
            try 1
              append bad
                | one \($0)
            try 2
              append bad
                | two
            try 3
              delete bad
              write i\($0).txt
                | done
            """
        }
        let files = Dictionary(
            uniqueKeysWithValues: (0..<200).map { ("src/\($0 / 20)/file\($0)", "\($0)\n") }
        )
        let project = try Project(
            items,
            script: failing.joined(separator: "\n"),
            checks: "[\"if test -e bad; then cat bad; exit 1; fi\"]",
            files: files
        )
        #expect(try project.run().status == 0)
        #expect(try project.landedItems().count == 30)
        #expect(try project.landedItems().reversed() == (1...30).map { "i\($0)" })
        for index in 0..<30 {
            let prd = try project.repository.show("PRD.md", in: "main~\(29 - index)")
            #expect(prd.components(separatedBy: "- [x]").count - 1 == index + 1)
        }
        #expect(try project.repository.git("status", "--porcelain") == "")
        let outcomes = try project.outcomes()
        #expect(outcomes.count == 50)
        let counts = Dictionary(grouping: outcomes) { String($0.split(separator: " ")[1]) }.mapValues(\.count)
        #expect(counts == ["landed": 30, "checks_failed": 20])
        #expect(try viewCounts(project) == counts)
    }

    /// What a person's `sqlite3` says of the view.
    private func viewCounts(_ project: Project) throws -> [String: Int] {
        let sql = "SELECT outcome, count(*) FROM v_iterations GROUP BY outcome"
        let result = try CapturedCommand(
            "sqlite3",
            ["-separator", " ", project.state.appending("history.sqlite").string, sql],
            environment: project.environment,
            deadline: .seconds(10)
        ).run()
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        return Dictionary(
            lines.map { $0.split(separator: " ") }.map { (String($0[0]), Int($0[1]) ?? 0) },
            uniquingKeysWith: +
        )
    }
}
