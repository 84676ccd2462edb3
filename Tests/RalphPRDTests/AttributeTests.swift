import RalphCore
import Testing

@testable import RalphPRD

@Suite("Attributes")
struct AttributeTests {
    private func item(_ line: String) throws -> Item { try #require(try document(line + "\n").items.first) }

    @Test("all attributes are read from the end of the line")
    func all() throws {
        let item = try item(
            "- [ ] log in {#login agent=codex model=o3 check=\"npm test -- login\" check='a \"b\" {c}' timeout=1h30m attempts=3 priority=1}"
        )
        #expect(item.title == "log in")
        #expect(item.key == "login")
        #expect(item.explicitID == "login")
        #expect(item.error == nil)
        var expected = ItemAttributes()
        expected.agent = AgentChoice(name: "codex")
        expected.model = "o3"
        expected.checks = ["npm test -- login", "a \"b\" {c}"]
        expected.timeout = .seconds(5400)
        expected.attempts = 3
        expected.priority = 1
        #expect(item.attributes == expected)
    }

    @Test("quotes keep backslashes for the shell")
    func quotes() throws {
        let item = try item(#"- [ ] a {check="grep \"x\\y\" \d *.c *.h `date`" #q}"#)
        #expect(item.attributes.checks == [#"grep "x\y" \d *.c *.h `date`"#])
        #expect(item.key == "q")
    }

    @Test(
        "a mistake in well formed braces stops the item alone",
        arguments: [
            ("{chekc=x}", "did you mean `check`?"), ("{colour=red}", "unknown attribute `colour`"),
            ("{timeout=90}", "no duration"),
            ("{attempts=0}", "no number"), ("{priority=high}", "no number"), ("{budget=2}", "no amount"),

            ("{after=two,,}", "empty name"), ("{after=' , two'}", "empty name"), ("{later=maybe}", "neither"),
            ("{agent=claude:}", "no agent"),
        ]
    )
    func mistake(braces: String, message: String) throws {
        let document = try document("- [ ] one \(braces)\n- [ ] two\n")
        #expect(document.items.map(\.title) == ["one", "two"])
        #expect(document.items[0].error?.contains(message) == true)
        #expect(document.items[1].error == nil)
        let problem = try #require(document.problems.first)
        #expect((problem.line, problem.column) == (1, 12))
        #expect(problem.severity == .error)
        #expect(problem.message.contains(message))
    }

    @Test(
        "all mistakes in one pair of braces are told, each where it stands",
        arguments: [
            ("{#a #b}", ["15 second id"]), ("{model=a model=b}", ["20 twice"]),
            ("{chekc=x #a timeout=90  colour=red}", ["12 unknown", "23 no duration", "35 unknown"]),
            ("{priority=1 priority=high after=,}", ["23 twice", "23 no number", "37 empty name"]),
            ("{manual #a later=maybe #b}", ["22 neither", "34 second id"]),
        ]
    )
    func mistakes(braces: String, expected: [String]) throws {
        for (line, before) in [(1, "- [ ] one"), (2, "text\n## ü one")] {
            let document = try document("\(before) \(braces)\n- [ ] two\n")
            let found = document.problems.filter { $0.severity == .error }
            #expect(found.map(\.line) == expected.map { _ in line })
            for (problem, words) in zip(found, expected) {
                let parts = words.split(separator: " ", maxSplits: 1)
                #expect(problem.column == Int(parts[0]))
                #expect(problem.message.contains(parts[1]), "\(problem)")
            }
            #expect(found.count == expected.count)
        }
    }

    @Test("of many mistakes in one pair of braces, the first 20 are told")
    func manyMistakes() throws {
        let document = try document("- [ ] a {\((10..<60).map { "x\($0)=y" }.joined(separator: " "))}\n")
        #expect(document.problems.map(\.column) == (0..<20).map { 10 + 6 * $0 })
    }

    @Test("blanks around a name in `after` are no part of it")
    func blanksInAfter() throws {
        let document = try document(
            "- [ ] a {#start}\n- [ ] b {#stop}\n- [ ] c {after=\"start, stop\"}\n- [ ] d {after=' #start\t,#stop '}\n"
        )
        #expect(document.problems == [])
        #expect(document.items[2...].map(\.attributes.after) == [["start", "stop"], ["start", "stop"]])
    }

    @Test("a split task without boxes is told, as it would vanish without a word")
    func splitNothing() throws {
        let document = try document(
            "- [ ] one {#a split}\n  text\n- [ ] two {split}\n  - [ ] three {split}\n    - [ ] four\n  - [ ] five {split}\n"
        )
        #expect(document.items.map(\.title) == ["four"])
        #expect(document.problems.map { "\($0.line):\($0.column)" } == ["1:15", "6:15"])
        #expect(document.problems.allSatisfy { $0.severity == .warning })
        #expect(document.problems[0].message.hasPrefix("no item: `split`"))
    }

    @Test(
        "one id has one owner, whatever it names: the second is told, and what is in it waits",
        arguments: [
            ("## A {#sec}\n- [ ] a\n## B {#sec}\n- [ ] b\n", "3:7 on line 1", [false, true]),
            ("## A {#sec}\n- [ ] a {priority=1 #sec}\n- [ ] b\n", "2:21 on line 1", [true, false]),
            ("- [ ] a {#sec}\n- [ ] b {manual #sec split}\n  - [ ] c\n", "2:17 on line 1", [false, true]),
            ("- [ ] a {#US-1}\n# B {#US-1}\n- [ ] b\n## C\n- [ ] c\n", "2:6 on line 1", [false, true, true]),
            ("# B {#US-1}\n- [ ] b\n## US-1: c\n- [ ] c\n", "3:1 on line 1", [false, true]),
            (
                "- [ ] a {split #s}\n  - [ ] b\n- [ ] c {#s split}\n  - [ ] d\n", "3:10 on line 1",
                [false, true]
            ),
            ("- [ ] a {#x}\n- [ ] b {model=o #x}\n", "2:18 on line 1", [false, true]),
        ]
    )
    func oneOwner(text: String, problem: String, stopped: [Bool]) throws {
        let document = try document(text)
        let errors = document.problems.filter { $0.severity == .error }
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(
            "\(error.line):\(error.column) on line \(error.message.contains("on line 1;") ? 1 : 0)" == problem
        )
        #expect(document.items.map { $0.error != nil } == stopped)
        #expect(document.items.compactMap(\.error).allSatisfy { $0.hasSuffix(error.message) })
    }

    @Test("a name of a section that is told of still stands for the first one")
    func firstOwner() throws {
        let document = try document("# A {#s}\n- [ ] a\n# B {#s}\n- [ ] b\n# C\n- [ ] c {after=s}\n")
        #expect(document.items.map(\.attributes.after) == [[], [], ["a"]])
        #expect(
            document.items.map(\.error) == [
                nil, "the heading on line 3: \(document.problems[0].message)", nil,
            ]
        )
    }

    @Test("a key with a number is cut between words, too")
    func numberedKeys() throws {
        let title = "add the very long title that will be cut"
        let key = "add-the-very-long-title-that-will-be"
        let document = try document(String(repeating: "- [ ] \(title)\n", count: 120))
        #expect(document.items.prefix(3).map(\.key) == ["\(key)-cut", "\(key)-2", "\(key)-3"])
        #expect(document.items[118].key == "add-the-very-long-title-that-will-be-119")
        #expect(Set(document.items.map(\.key)).count == 120)
        #expect(document.items.allSatisfy { $0.key.utf8.count <= 40 })
    }

    @Test("headings give defaults, which items override; checks and dependencies add up")
    func defaults() throws {
        let document = try document(
            """
            # P {model=sonnet attempts=2 check=lint}
            - [ ] one {#one}
            ## Output {#out agent=codex after=one timeout=5m} ##
            - [ ] two {model=o3 check="make two"}
            - [ ] three {agent=claude:opus attempts=9}
            ### Manual {manual}
            - [ ] four {manual=no}
            - [ ] five
            ## Rest
            - [ ] six {after=out}

            """
        )
        #expect(document.problems == [])
        let items = document.items
        #expect(items.map(\.attributes.model) == ["sonnet", "o3", "opus", nil, nil, "sonnet"])
        #expect(items.map(\.attributes.agent?.name) == [nil, "codex", "claude", "codex", "codex", nil])
        #expect(items.map(\.attributes.attempts) == [2, 2, 9, 2, 2, 2])
        #expect(
            items.map(\.attributes.checks) == [
                ["lint"], ["lint", "make two"], ["lint"], ["lint"], ["lint"], ["lint"],
            ]
        )
        #expect(items.map(\.attributes.mode) == [.run, .run, .run, .run, .manual, .run])
        #expect(items[1].attributes.after == ["one"])
        #expect(items[5].attributes.after == ["two", "three", "four", "five"])
        #expect(items[3].section == ["P", "Output", "Manual"])
    }

    @Test("a mistake in a heading's braces stops all items under it")
    func headingMistake() throws {
        let document = try document("# A {modle=x}\n- [ ] one\n## B\n- [ ] two\n# C\n- [ ] three\n")
        #expect(document.items.map { $0.error != nil } == [true, true, false])
        #expect(document.problems.map(\.line) == [1])
        #expect(
            document.items[1].error
                == "the heading on line 1: unknown attribute `modle`; did you mean `model`?"
        )
    }

    @Test("attributes on a criterion are told to do nothing")
    func criterion() throws {
        let document = try document("- [ ] one\n  - [ ] two {manual}\n")
        #expect(document.items[0].criteria.map(\.text) == ["two {manual}"])
        #expect(document.problems.map(\.line) == [2])
    }

    @Test("keys are short slugs, unique, and ids go first")
    func keys() throws {
        let document = try document(
            """
            - [ ] Über `x`!
            - [ ] 日本語
            - [ ] a
            - [ ] a
            - [ ] b {#a-2}
            - [ ] 123456789 123456789 123456789 123456789 123456789
            - [ ] 123456789 123456789 123456789 123456789 123456789 x
            - [ ] c {#a-2}

            """
        )
        #expect(
            document.items.map(\.key) == [
                "ber-x", "item", "a", "a-3", "a-2", "123456789-123456789-123456789-123456789",
                "123456789-123456789-123456789-2", "c",
            ]
        )
        #expect(document.problems.filter { $0.severity == .error }.map(\.line) == [8])
        #expect(document.items[7].error == "the id `a-2` is already used on line 5; give one of them another")
        #expect(document.problems.filter { $0.severity == .warning }.map(\.line) == [4])
    }
}

@Suite("Dependencies")
struct DependencyTests {
    @Test("a circle stops its members only")
    func circle() throws {
        let document = try document(
            "- [ ] a {#a after=b}\n- [ ] b {#b after=c}\n- [ ] c {#c after=a}\n- [ ] d {#d after=a}\n- [ ] e {#e after=e}\n"
        )
        #expect(document.items.map { $0.error != nil } == [true, true, true, false, true])
        #expect(document.items[0].error?.contains("in a circle with `b` (line 2), `c` (line 3)") == true)
        #expect(document.items[4].error == "waits for itself; mend `after`")
        #expect(document.problems.map(\.line) == [1, 2, 3, 5])
    }

    @Test("a ticked item waits for nothing, so no circle goes through it")
    func tickedInCircle() throws {
        let document = try document(
            "- [x] a {#a after=b}\n- [ ] b {#b after=a}\n- [x] c {#c after=c}\n# S {#s}\n- [x] d {after=e}\n- [ ] e {#e after=s}\n"
        )
        #expect(document.items.map { $0.error != nil } == [false, false, false, false, true])
        let open = "- [ ] a {#a after=b}\n- [ ] b {#b after=a}\n- [x] c {#c after=a}\n"
        #expect(try RalphPRDTests.document(open).problems.map(\.line) == [1, 2])
    }

    @Test("what is wrong with `after` is told where it stands")
    func columns() throws {
        let document = try document(
            """
            - [ ] a {#a model=o after=b}
            - [ ] b {after=a #b}
            - [ ] c {model=o after="a, nothing" check=x after=never}
            # D {after=gone}
            - [ ] d {check=x}
            ## US-1: E {check=y after=lost}
            **Depends on:** nobody

            - [ ] e

            """
        )
        #expect(
            document.problems.map { "\($0.line):\($0.column)" } == [
                "1:21", "2:10", "3:18", "3:45", "5:1", "6:1", "6:1", "6:21",
            ]
        )
    }

    @Test("a circle through a section stops those in it")
    func circleThroughSection() throws {
        let document = try document(
            "# A {#s}\n- [ ] a {#a after=b}\n- [ ] x\n# B\n- [ ] b {#b after=s}\n- [ ] c {after=s}\n"
        )
        #expect(document.items.map { $0.error != nil } == [true, false, true, false])
    }

    @Test("an unknown name stops its item, with a hint")
    func unknown() throws {
        let document = try document(
            "- [ ] a {#login}\n- [ ] b {after=logn}\n- [ ] c {after=#nothing}\n- [ ] d {after=a}\n"
        )
        #expect(document.items.map { $0.error != nil } == [false, true, true, true])
        #expect(document.items[1].error == "waits for `logn`, which names no item; did you mean `login`?")
    }

    @Test("slugs and story ids are names too; a heading's default spares the item it names")
    func names() throws {
        let document = try document(
            """
            # A {after=first-thing}
            - [ ] First thing
            - [ ] second
            ### US-7: Story {#week}
            - [ ] crit
            # B
            - [ ] third {after=US-7,second}

            """
        )
        #expect(document.problems == [])
        #expect(
            document.items.map(\.attributes.after) == [
                [], ["first-thing"], ["first-thing"], ["week", "second"],
            ]
        )
    }

    @Test("a long chain and a dense section cost no depth and no square", .timeLimit(.minutes(5)))
    func large() throws {
        var text = "# A {#a}\n"
        for index in 0..<3000 { text += "- [ ] a\(index) {#a\(index) after=a\(index + 1)}\n" }
        text += "- [ ] a3000 {#a3000}\n# B {after=a}\n"
        for index in 0..<3000 { text += "- [ ] b\(index)\n" }
        let document = try document(text)
        #expect(document.problems == [])
        #expect(document.items.last?.attributes.after.count == 3001)
    }
}

@Suite("Stories")
struct StoryTests {
    @Test("a heading with an id is one item, and the boxes under it its criteria")
    func story() throws {
        let document = try document(
            """
            # Plan
            ## EPIC-1: Reports
            ### US-001: The week at a glance {model=opus timeout=90m}

            **Priority:** 1
            **Depends on:** start, `US-002`.

            As somebody who bills.

            - [x] one line per day
              - [ ] and a total
            - a bullet
              - [ ] weeks start on Monday

            #### Notes

            More.

            ### US-002: Second
            - **Priority**: 2
            - **Depends on**: None
            - [x] all of it
            ## Plain
            - [ ] start {#start}
            ### US-003: No boxes, no item
            text

            """
        )
        #expect(document.problems == [])
        #expect(document.items.map(\.key) == ["US-001", "US-002", "start"])
        let story = document.items[0]
        #expect(story.title == "The week at a glance")
        #expect(story.section == ["Plan", "EPIC-1: Reports"])
        #expect(story.line == 3)
        #expect(story.boxOffset == nil)
        #expect(!story.isTicked)
        #expect(story.criteria.map(\.text) == ["one line per day", "and a total", "weeks start on Monday"])
        #expect(story.details == "As somebody who bills.\n\n- a bullet\n\n#### Notes\n\nMore.")
        #expect(story.attributes.priority == 1)
        #expect(story.attributes.after == ["start", "US-002"])
        #expect(story.attributes.model == "opus")
        #expect(story.attributes.timeout == .seconds(5400))
        #expect(document.items[1].attributes.priority == 2)
        #expect(document.items[1].attributes.after == [])
        #expect(document.items[1].isTicked)
        #expect(document.items[1].details == "")
    }

    @Test("group prefixes, headings around stories and {split} are groups, {item} makes an item")
    func groups() throws {
        let document = try document(
            """
            ## PHASE-1: Ground
            - [ ] one
            ## FR-1: Outer
            - [ ] two
            ### FR-2: Inner
            - [ ] three
            ## FR-3: Split {split}
            - [ ] four
            ## By hand {item #hand}
            - [ ] five
            ### FR-4: Inside
            - [ ] six
            ## Nothing {item}
            text

            """
        )
        #expect(document.items.map(\.title) == ["one", "two", "Inner", "four", "By hand", "Nothing"])
        #expect(document.items.map(\.criteria.count) == [0, 0, 1, 0, 2, 0])
        #expect(document.items[5].error?.contains("has no boxes") == true)
        #expect(document.problems.map(\.line) == [13])
    }

    @Test("a priority in words is told and ignored")
    func priorityInWords() throws {
        let document = try document("## US-1: a\n**Priority:** High\n\n- [ ] b\n")
        #expect(document.items[0].attributes.priority == 3)
        #expect(document.problems.map(\.line) == [2])
        #expect(document.items[0].error == nil)
    }

    @Test("ticking a story ticks its criteria")
    func tick() throws {
        let text = "## US-1: a\n- [x] b\n- [ ] c\n  - [ ] d\n"
        let known = try document(text).items.map { KnownItem($0) }
        guard case .ticked(let ticked) = Tick.finish(0, of: known, in: Array(text.utf8)) else {
            Issue.record("not ticked")
            return
        }
        #expect(String(decoding: ticked.bytes, as: UTF8.self) == "## US-1: a\n- [x] b\n- [x] c\n  - [x] d\n")
    }

    @Test("too many criteria and an open one under a ticked item are told")
    func advice() throws {
        let nine = (1...9).map { "  - [x] \($0)\n" }.joined()
        let document = try document("- [x] a\n\(nine)  - [ ] ten\n")
        #expect(document.problems.map(\.line) == [1, 11])
        #expect(document.items[0].isTicked)
    }
}
