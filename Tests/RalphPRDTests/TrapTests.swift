import RalphCore
import Testing

@testable import RalphPRD

/// The rows of TRAPS that the parser answers for.
@Suite("Traps of the document")
struct TrapTests {
    private func warnings(_ text: String) throws -> [String] {
        try document(text).problems.map { "\($0.line):\($0.column) \($0.message)" }
    }

    @Test("trap 39: a box in the text of an open item does not tick it")
    func boxInText() throws {
        let document = try document("- [ ] support [x] syntax\n- [x] show [ ] too\n- [X] upper case\n")
        #expect(document.items.map(\.isTicked) == [false, true, true])
        #expect(document.items.map(\.title) == ["support [x] syntax", "show [ ] too", "upper case"])
        #expect(document.problems == [])
    }

    @Test(
        "trap 39: an empty box is no item and is told",
        arguments: ["- [ ] ", "- [ ]", "- [x]  ", "- [ ] {#id}", "1. [ ]"]
    )
    func emptyBox(line: String) throws {
        let document = try document("- [ ] one\n\(line)\n- [ ] two\n")
        #expect(document.items.map(\.title) == ["one", "two"])
        #expect(document.problems.map(\.line) == [2])
        #expect(document.problems.first?.message.contains("a box without text is no item") == true)
    }

    @Test(
        "trap 39: look-alike boxes are no items and are told what to write",
        arguments: [
            "- [-] a", "- [~] a", "- [/] a", "- [P] a", "- [?] a", "- [] a", "- [ ]* a", "- [x]a",
            "- - [ ] a", "* [✓] a",
        ]
    )
    func lookAlikes(line: String) throws {
        let document = try document("- [ ] one\n\n\(line)\n")
        #expect(document.items.map(\.title) == ["one"])
        #expect(document.problems.map(\.line) == [3])
        #expect(document.problems.map(\.severity) == [.warning])
    }

    @Test(
        "trap 39: a blank too few or too many makes no box, and what to write is told",
        arguments: [
            ("- [ x] a", 3, "write `[x]`"), ("- [x ] a", 3, "write `[x]`"), ("- [ X ] a", 3, "write `[X]`"),
            ("- [  ] a", 3, "write `[ ]`"), ("- [  ]", 3, "write `[ ]`"), ("-[ ] a", 1, "write `- [ ] `"),
            ("*[x] a", 1, "write `* [x] `"), ("  1.[ ] a", 3, "write `1. [ ] `"),
            ("-[ ]", 1, "write `- [ ] `"),
            ("- -[ ] a", 3, "write `- [ ] `"),
        ]
    )
    func blanks(line: String, column: Int, hint: String) throws {
        for text in ["- [ ] one\n\nprose\n\n\(line)\n", "# A\n- [ ] one\n\n---\n\(line)\n"] {
            let document = try document(text)
            #expect(document.items.map(\.title) == ["one"])
            let problem = try #require(document.problems.first)
            #expect(document.problems.count == 1)
            #expect((problem.line, problem.column) == (5, column))
            #expect(problem.severity == .warning)
            #expect(problem.message.hasSuffix(hint))
        }
    }

    @Test("trap 39: a box without its blank in the middle of a list is told too")
    func noBlankInList() throws {
        let document = try document("- [ ] one\n-[ ] two\n- [ ] three\n  text\n  -[x] four\n")
        #expect(document.items.map(\.title) == ["one", "three"])
        #expect(document.problems.map(\.line) == [2, 5])
    }

    @Test(
        "links and footnotes in brackets are not taken for boxes",
        arguments: [
            "- [a](b) c", "- [1] c", "- [a]: b", "- [x][y] z", "- [abc] d", "- [ x](y) z", "- [x y] z",
            "-[x](y) z", "-[ ]x", "- [  ]: x", "-[abc] d",
        ]
    )
    func brackets(line: String) throws {
        #expect(try warnings("- [ ] one\n\n\(line)\n") == [])
    }

    @Test("trap 39: a lone dash under a label makes a heading, and is told")
    func loneDash() throws {
        let document = try document("Label\n-\n- [ ] one\n")
        #expect(document.items.map(\.section) == [["Label"]])
        #expect(document.problems.map(\.line) == [2])
    }

    @Test("trap 39: numbered tasks right behind a paragraph are no items, and are told")
    func numberedBehindParagraph() throws {
        let document = try document("some text\n5. [ ] five\n6. [ ] six\n\n- [ ] one\n")
        #expect(document.items.map(\.title) == ["one"])
        #expect(document.problems.map(\.line) == [2])
        #expect(document.problems.first?.message.contains("put an empty line before it") == true)
    }

    @Test("trap 39: a fence inside an HTML comment, boxes in code, in HTML and in quotes are no items")
    func hidden() throws {
        let document = try document(
            """
            <!--
            ```
            - [ ] hidden
            ```
            -->

            ```
            - [ ] fenced
            ```

                - [ ] indented

            > - [ ] quoted

            <details>
            - [ ] swallowed

            - [ ] one
            </details>

            """
        )
        #expect(document.items.map(\.title) == ["one"])
        #expect(document.problems.map(\.line) == [11, 13, 16])
    }

    @Test(
        "trap 45: braces that are no attributes are text",
        arguments: [
            "ends with {\"status\": \"ok\"}", "GET /users/{id}", "`braces {manual}`",
            "prints `{start, stop, project}`",
            "a [link {manual}](u)", "no space{manual}", "unknown {word}", "empty {}",
            "<b title=\"x {manual}\">",
            "two `code {#a` b=c}", "{manual} in front", "a {#one} and more", "half {#one",
            "{start, stop, project}",
            "text {#a,b}", "text {after=}", "text {check=\"open}",
        ]
    )
    func bracesAreText(title: String) throws {
        let item = try #require(try document("- [ ] \(title)\n").items.first)
        #expect(item.title == title)
        #expect(item.attributes == ItemAttributes())
        #expect(item.error == nil)
        #expect(item.explicitID == nil)
    }

    @Test(
        "trap 46: boxes under headings that name no work are listed as later",
        arguments: [
            "Acceptance criteria", "Definition of Done", "Success Criteria", "Out of scope", "Non-goals",
            "Open questions",
            "Backlog", "Future", "Later", "7. Non-Goals (Out of Scope)", "Backlog:", "**Later**",
        ]
    )
    func later(heading: String) throws {
        let document = try document(
            "# P\n\n- [ ] one\n\n## \(heading)\n\n- [ ] two\n\n### Deeper\n\n- [ ] three {later=no}\n- [ ] four\n"
        )
        #expect(document.items.map(\.attributes.mode) == [.run, .later, .run, .later])
    }

    @Test("what is not UTF-8, empty, full of zeros or not a document is refused with its place")
    func refused() throws {
        func place(_ bytes: [UInt8], hadItems: Bool = false) -> String? {
            do {
                _ = try PRD.parse(bytes, hadItems: hadItems)
                return nil
            } catch {
                return error.problems.map { "\($0.line):\($0.column)" }.joined(separator: " ")
            }
        }
        #expect(place([]) == "1:1")
        #expect(place(Array(" \n\r\n\t".utf8)) == "1:1")
        #expect(place(Array("- [ ] a\n- [ ] b\u{0}".utf8)) == "2:8")
        #expect(place(Array("- [ ] a\n- [ ] ".utf8) + [0xFF, 0x41]) == "2:7")
        #expect(place(Array("- [ ] ä".utf8).dropLast()) == "1:7")
        #expect(place(Array("---\nagent: claude\n".utf8)) == "1:1")
        #expect(place(Array("---\nagent: [claude\n---\n- [ ] a\n".utf8)) == "3:1")
        #expect(place(Array("just prose\n".utf8)) == nil)
        #expect(place(Array("just prose\n".utf8), hadItems: true) == "1:1")
    }

    @Test(
        "a merge that nobody finished is refused where it begins, and nothing of it is taken for an edit",
        arguments: [
            (
                "- [ ] a\n<<<<<<< Updated upstream\n- [x] b\n=======\n- [ ] b, too\n>>>>>>> Stashed changes\n",
                2
            ),
            ("<<<<<<< ours\r\n- [ ] a\r\n=======\r\n- [x] a\r\n>>>>>>> theirs\r\n- [ ] b\r\n", 1),
            ("- [ ] a\n\n<<<<<<< HEAD\n- [ ] b\n||||||| base\n=======\n- [ ] c\n>>>>>>> side\n", 3),
            ("\u{FEFF}---\n<<<<<<< HEAD\nagent: a\n=======\nagent: b\n>>>>>>> side\n---\n- [ ] a\n", 2),
            ("<!--\n<<<<<<< HEAD\nx\n=======\n>>>>>>> side\n-->\n- [ ] a\n", 2),
            ("```\n<<<<<<< HEAD\na\n```\n- [ ] a\n=======\nb\n```\n>>>>>>> side\n- [ ] c\n", 2),
            ("- [ ] a\n  ```\n<<<<<<< HEAD\n  a\n=======\n  b\n>>>>>>> side\n  ```\n", 3),
            ("```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n<<<<<<< a\n- [ ] x\n=======\n>>>>>>> b", 6),
        ]
    )
    func unfinishedMerge(text: String, line: Int) {
        let error = #expect(throws: Rejection.self) { try document(text) }
        #expect(
            error
                == Rejection(
                    "an unresolved merge conflict begins here: choose one side and remove the marker lines",
                    line: line
                )
        )
    }

    @Test(
        "what only looks like a merge is none",
        arguments: [
            "Heading\n=======\n\n- [ ] a\n", "```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n- [ ] a\n",
            "~~~~ text\n<<<<<<< a\n~~~\n=======\n>>>>>>> b\n~~~~\n- [ ] a\n",
            "<<<<<<< a\n\n- [ ] a\n\n>>>>>>> b\n", ">>>>>>> a\n=======\n<<<<<<< b\n\n- [ ] a\n",
            "<<<<<<<< a\n========\n>>>>>>>> b\n\n- [ ] a\n", "- [ ] a\n  <<<<<<< a\n  =======\n  >>>>>>> b\n",
        ]
    )
    func noMerge(text: String) throws {
        #expect(try document(text).items.map(\.title) == ["a"])
    }

    @Test("a line of 1 MB and 100,000 items are read", .timeLimit(.minutes(5)))
    func large() throws {
        let long = String(repeating: "word ", count: 200_000)
        let one = try document("- [ ] \(long){#long}\n- [ ] two\n")
        #expect(one.items.map(\.key) == ["long", "two"])
        var text = ""
        for index in 0..<100_000 { text += "- [ ] same title\n\(index % 10 == 0 ? "  - [x] crit\n" : "")" }
        let many = try document(text)
        #expect(many.items.count == 100_000)
        #expect(many.items.last?.key == "same-title-100000")
        #expect(Set(many.items.map(\.key)).count == 100_000)
    }

    @Test("an item appended below the ticked one changes neither")
    func appendedBelow() throws {
        let before = Array("- [ ] one\n- [ ] two\n".utf8)
        let known = try PRD.parse(before).items.map { KnownItem($0) }
        let after = Array("- [ ] one\n- [ ] between\n- [ ] two\n".utf8)
        guard case .ticked(let ticked) = Tick.finish(0, of: known, in: after) else {
            Issue.record("not ticked")
            return
        }
        #expect(String(decoding: ticked.bytes, as: UTF8.self) == "- [x] one\n- [ ] between\n- [ ] two\n")
    }

    @Test("work for half a title does not tick the whole")
    func halfATitle() throws {
        let known = try document("- [ ] Add lo\n").items.map { KnownItem($0) }
        let finding = Tick.finish(0, of: known, in: Array("- [ ] Add logs\n".utf8))
        guard case .contentChanged(let item) = finding else {
            Issue.record("\(finding)")
            return
        }
        #expect(item.title == "Add logs")
    }
}
