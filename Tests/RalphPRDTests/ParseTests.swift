import RalphCore
import Testing

@testable import RalphPRD

func document(_ text: String) throws -> Document { try PRD.parse(Array(text.utf8)) }

@Suite("Reading items")
struct ParseTests {
    @Test("the outermost box is the item, nested boxes its criteria, the rest its description")
    func nesting() throws {
        let document = try document(
            """
            # tally

            ## Recording

            - [x] `tally --version` prints the version
            - [ ] `tally start PROJECT` begins an entry {#start}
              If another entry is running, it is stopped first.
              - [ ] exit status 2
                and a usage line
              - a plain bullet
                - [x] nothing is lost
              - more text

            """
        )
        #expect(document.problems == [])
        #expect(
            document.items.map(\.title) == [
                "`tally --version` prints the version", "`tally start PROJECT` begins an entry",
            ]
        )
        #expect(document.items.map(\.key) == ["tally-version-prints-the-version", "start"])
        #expect(document.items.map(\.isTicked) == [true, false])
        #expect(document.items.map(\.line) == [5, 6])
        let start = document.items[1]
        #expect(start.section == ["tally", "Recording"])
        #expect(
            start.details
                == "If another entry is running, it is stopped first.\n- a plain bullet\n- more text"
        )
        #expect(start.criteria.map(\.text) == ["exit status 2\nand a usage line", "nothing is lost"])
        #expect(start.criteria.map(\.isTicked) == [false, true])
        #expect(start.criteria.map(\.line) == [8, 11])
    }

    @Test("the front matter is read and its lines are counted")
    func frontMatter() throws {
        let document = try document(
            "---\nagent: [claude:opus, codex]\nchecks:\n  - make test\n---\n- [ ] one\n"
        )
        #expect(
            document.settings.agents == [
                AgentChoice(name: "claude", model: "opus"), AgentChoice(name: "codex"),
            ]
        )
        #expect(document.settings.checks?.map(\.name) == ["make test"])
        #expect(document.settings.checks?.map(\.line) == [4])
        #expect(document.items.map(\.line) == [6])
        #expect(document.frontMatter?.upperBound == 58)
    }
}
