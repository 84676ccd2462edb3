import Foundation
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("prd check")
struct PRDCheckTests {
    private static let text = """
        ---
        agent: [claude, codex]
        checks:
          - {name: test, run: make test}
        ---
        # tally

        ## Recording

        - [x] `tally --version` prints the version
        - [ ] `tally stop` ends the running entry {#stop after=start}
          - [ ] exit status 1 when there is none
        - [ ] `tally start` begins one {#start}
        - [ ] urgent {#urgent priority=1 after=stop}
        - [ ] LICENSE file {#file after=licence}
        - [ ] Choose the licence {#licence manual}

        ## Later

        - [ ] Sync

        """

    private func check(_ text: String) -> PRDCheck { PRDCheck(Array(text.utf8)) }

    @Test("items run by priority, then in the document's order, after what they wait for")
    func order() {
        let check = check(PRDCheckTests.text)
        #expect(check.plan.order.map { check.items[$0].key } == ["start", "stop", "urgent"])
        #expect(
            check.plan.exceptions.map { "\(check.items[$0.index].key) \($0.state) \($0.reason)" } == [
                "file waiting waits for #licence, which a person does", "licence manual a person does it",
                "sync later marked as later",
            ]
        )
    }

    @Test("the plan on a terminal")
    func screen() {
        let lines = PRDCheckScreen(check: check(PRDCheckTests.text), name: "PRD.md", terminal: .plain80).lines
        #expect(
            lines.shown == """
                PRD.md   7 items: 1 done, 3 to run, 3 not
                  agents  claude, codex
                  checks  test: make test

                RUNS  LINE  KEY      TITLE                                AFTER
                   1    13  #start   `tally start` begins one
                   2    11  #stop    `tally stop` ends the running entry  #start
                   3    14  #urgent  urgent                               #stop

                DOES NOT RUN  LINE  KEY       TITLE               WHY
                waiting         15  #file     LICENSE file        waits for #licence, which a p…
                manual          16  #licence  Choose the licence  a person does it
                later           20  #sync     Sync                marked as later
                """
        )
    }

    @Test("its JSON has the keys that scripts rely on, and its problems their place")
    func json() async throws {
        let directory = try TemporaryDirectory("prd")
        try directory.write(PRDCheckTests.text + "- [?] what\n", to: "PRD.md")
        var ctl = Ctl()
        ctl.directory = directory.path
        #expect(await ctl.run(["prd", "check", "--json"]) == 0)
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(ctl.output.text.utf8)) as? [String: [[String: Any]]]
        )
        let item = try #require(answer["items"]?[1])
        #expect(
            Set(item.keys).isSuperset(of: [
                "key", "title", "section", "line", "checked", "state", "after", "priority", "criteria",
            ])
        )
        let criterion = try #require((item["criteria"] as? [[String: Any]])?.first)
        #expect(Set(criterion.keys) == ["line", "checked", "text"])
        let problem = try #require(answer["problems"]?.first)
        #expect(Set(problem.keys) == ["line", "column", "severity", "message"])
        #expect(problem["severity"] as? String == "warning")
        #expect(problem["line"] as? Int == 21)
    }

    @Test("errors are shown with their place, and the exit code is 1")
    func errors() async throws {
        let directory = try TemporaryDirectory("prd")
        try directory.write("---\nagnet: claude\n---\n- [ ] a\n", to: "docs.md")
        var ctl = Ctl()
        ctl.directory = directory.path
        #expect(await ctl.run(["prd", "check", "docs.md"]) == 1)
        #expect(ctl.output.text.hasPrefix("docs.md:2:1: error: "))
        #expect(ctl.output.text.hasSuffix("the document cannot come into force\n"))
    }

    @Test("no PRD is 66, two are 64, a directory is 66")
    func files() async throws {
        let directory = try TemporaryDirectory("prd")
        var ctl = Ctl()
        ctl.directory = directory.path
        #expect(await ctl.run(["prd", "check"]) == 66)
        #expect(await ctl.run(["prd", "check", "nothing.md"]) == 66)
        #expect(await ctl.run(["prd", "check", "."]) == 66)
        try directory.write("- [ ] a\n", to: "prd.md")
        #expect(await ctl.run(["prd", "check"]) == 0)
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("docs").string,
            withIntermediateDirectories: true
        )
        try directory.write("- [ ] a\n", to: "docs/prd.md")
        #expect(await ctl.run(["prd", "check"]) == 64)
    }

    @Test("a chain of twenty thousand items is planned at once", .timeLimit(.minutes(5)))
    func large() {
        let items = (0..<20_000).map { index in
            var item = Item(key: "k\(index)", title: "t", line: index + 1)
            if index > 0 { item.attributes.after = ["k\(index - 1)"] }
            return item
        }
        #expect(RunPlan(items).order == Array(0..<20_000))
    }
}
