import RalphCore
import RalphPRD
import Testing

@Suite("Adding an item")
struct NewItemTests {
    private func added(_ item: NewItem, to text: String) throws -> String {
        String(decoding: try item.added(to: Array(text.utf8)).bytes, as: UTF8.self)
    }

    private func refusal(_ item: NewItem, to text: String) -> Failure.Code? {
        do throws(Failure) {
            _ = try item.added(to: Array(text.utf8))
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "without a place it goes below the last item that is to be run",
        arguments: [
            ("- [ ] a\n", "- [ ] a\n- [ ] new\n"),
            ("- [ ] a", "- [ ] a\n- [ ] new\n"),
            ("- [ ] a\r\n", "- [ ] a\r\n- [ ] new\r\n"),
            ("- [ ] a\n  more\n  - [ ] crit\n\ntext\n", "- [ ] a\n  more\n  - [ ] crit\n- [ ] new\n\ntext\n"),
            ("- [x] a\n\n## Later\n\n- [ ] b\n", "- [x] a\n- [ ] new\n\n## Later\n\n- [ ] b\n"),
            ("- [ ] a\n\n## US-1: s\n\n- [ ] c\n", "- [ ] a\n- [ ] new\n\n## US-1: s\n\n- [ ] c\n"),
            ("1. [ ] a\n9. [ ] b\n", "1. [ ] a\n9. [ ] b\n10. [ ] new\n"),
            ("- g\n  * [ ] a\n", "- g\n  * [ ] a\n  * [ ] new\n"),
            ("---\nname: x\n---\n# P\n", "---\nname: x\n---\n# P\n\n- [ ] new\n"),
            ("prose", "prose\n\n- [ ] new\n"),
        ]
    )
    func lastItem(text: String, expected: String) throws {
        #expect(try added(NewItem("new"), to: text) == expected)
    }

    @Test("a section is named by its title, its path or its id")
    func section() throws {
        let text = "# P\n## A {#a}\n- [ ] one\n## B\nprose\n### A\n## C\n- [ ] two\n"
        #expect(refusal(NewItem("new", section: "A"), to: text) == .ambiguous)
        for name in ["#a", "p > a"] where name != "#a" {
            #expect(try added(NewItem("new", section: name), to: text).contains("- [ ] one\n- [ ] new\n## B"))
        }
        #expect(try added(NewItem("new", section: "b"), to: text).contains("prose\n\n- [ ] new\n\n### A\n"))
        #expect(
            try added(NewItem("new", section: "P > B > A"), to: text).contains("### A\n\n- [ ] new\n\n## C")
        )
        #expect(refusal(NewItem("new", section: "D"), to: text) == .notFound)
    }

    @Test("an item that comes after another stands below it and waits for it")
    func after() throws {
        let text = "- [ ] one {#a}\n  - [ ] crit\n- [x] two {#b}\n"
        #expect(
            try added(NewItem("new", after: "a"), to: text).contains("crit\n- [ ] new {after=a}\n- [x] two")
        )
        #expect(try added(NewItem("new {#n}", after: "a"), to: text).contains("- [ ] new {#n after=a}\n"))
        #expect(try added(NewItem("new", after: "b"), to: text).hasSuffix("- [x] two {#b}\n- [ ] new\n"))
        #expect(refusal(NewItem("new", after: "c"), to: text) == .notFound)
    }

    @Test("what would not become one item more changes nothing")
    func refused() {
        let story = "## US-1: s\n\n- [ ] c\n"
        #expect(refusal(NewItem("new", section: "US-1: s"), to: story) == .usage)
        #expect(refusal(NewItem("new"), to: story) == .conflict)
        #expect(refusal(NewItem("new", after: "US-1"), to: story) == .usage)
        #expect(refusal(NewItem("  "), to: "- [ ] a\n") == .usage)
        #expect(refusal(NewItem("new {chekc=x}"), to: "- [ ] a\n") == .usage)
        #expect(refusal(NewItem("new"), to: "<!--\nopen\n") == .conflict)
        #expect(refusal(NewItem("new"), to: "---\nx: [\n---\n- [ ] a\n") == .conflict)
    }

    @Test("a text of several lines is one title")
    func lines() throws {
        #expect(
            try added(NewItem("one\n- [ ] two\u{1B}[0m"), to: "- [ ] a\n").hasPrefix(
                "- [ ] a\n- [ ] one - [ ] two"
            )
        )
    }
}
