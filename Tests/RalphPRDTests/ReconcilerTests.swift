import RalphCore
import Testing

@testable import RalphPRD

@Suite("What is the same item")
struct ReconcilerTests {
    /// New titles by old index, with the reason: "b reworded", "–" for none.
    private func match(_ old: String, _ new: String) throws -> [String] {
        let known = try document(old).items.map { KnownItem($0) }
        let items = try document(new).items
        return Reconciler.match(known, with: items).matches.map { match in
            match.map { "\($0.new) \($0.reason)" } ?? "–"
        }
    }

    @Test("an id is the same item wherever it stands and whatever it says")
    func ids() throws {
        #expect(
            try match("# A\n- [ ] a {#x}\n- [ ] b\n", "# A\n- [ ] b\n# B\n- [x] quite different words {#x}\n")
                == ["1 sameID", "0 sameTitle"]
        )
        #expect(try match("## US-1: a\n- [ ] c\n", "text\n## US-1: new name\n- [ ] c\n") == ["0 sameID"])
    }

    @Test("an id goes before a title")
    func idBeforeTitle() throws {
        #expect(try match("- [ ] a {#x}\n- [ ] b\n", "- [ ] a\n- [ ] b {#x}\n") == ["1 sameID", "–"])
    }

    @Test("a title in the same section goes before the same title elsewhere")
    func sectionFirst() throws {
        #expect(
            try match("# A\n- [ ] t\n# B\n- [ ] t\n", "# B\n- [ ] t\n# A\n- [ ] t\n") == [
                "1 sameTitle", "0 sameTitle",
            ]
        )
        #expect(
            try match("# A\n- [ ] t\n# B\n- [ ] u\n", "# B\n- [ ] u\n- [ ] t\n") == [
                "1 moved", "0 sameTitle",
            ]
        )
        #expect(
            try match("# Old\n- [ ] t\n- [ ] u\n", "# New\n- [ ] t\n- [ ] u\n") == ["0 moved", "1 moved"]
        )
    }

    @Test("equal titles match in document order, equal ticks first")
    func equalTitles() throws {
        #expect(try match("- [x] t\n- [ ] t\n", "- [ ] t\n- [x] t\n") == ["1 sameTitle", "0 sameTitle"])
        #expect(
            try match("- [ ] t\n- [ ] t\n", "- [ ] new\n- [ ] t\n- [ ] t\n") == [
                "1 sameTitle", "2 sameTitle",
            ]
        )
        #expect(
            try match("- [x] t\n- [x] t\n- [ ] t\n", "- [x] t\n- [ ] t\n") == [
                "0 sameTitle", "–", "1 sameTitle",
            ]
        )
    }

    @Test("blanks and tabs in a title are no words: a ticked item stays what it is")
    func blanksInTitle() throws {
        for line in ["- [ ] Add  a login page\n", "- [ ]\tAdd a\t login \t page\n"] {
            #expect(try match("- [x] Add a login page\n", line) == ["0 sameTitle"])
            #expect(
                try match("- [ ] z\n- [x] Add a login page\n- [ ] y\n", line) == ["–", "0 sameTitle", "–"]
            )
            #expect(try match(line, "- [x] Add a login page\n") == ["0 sameTitle"])
            #expect(try match("# A\n- [x] Add a login page\n", "# B\n\(line)") == ["0 moved"])
        }
        #expect(try match("- [x] Add a page\n", "- [ ] Add apage\n") == ["–"])
        #expect(
            try match("- [x] t u\n- [ ] t  u\n", "- [ ] t   u\n- [x] t u\n") == [
                "1 sameTitle", "0 sameTitle",
            ]
        )
    }

    @Test("a similar title in the same section is reworded, and only there")
    func reworded() throws {
        #expect(
            try match("- [ ] Add a login page\n", "- [ ] Add the login page with logo\n") == ["0 reworded"]
        )
        #expect(try match("- [ ] Add a login page\n", "- [ ] Remove all exports\n") == ["–"])
        #expect(
            try match(
                "# A\n- [ ] Add a login page\n# B\n- [ ] b\n",
                "# A\n# B\n- [ ] b\n- [ ] Add the login page\n"
            ) == ["–", "0 sameTitle"]
        )
        #expect(try match("- [ ] Add lo\n", "- [ ] Add log\n") == ["0 reworded"])
    }

    @Test("the best pair wins, not the first")
    func bestPair() throws {
        #expect(
            try match(
                "- [ ] export entries as CSV\n- [ ] export entries as JSON\n",
                "- [ ] export entries as JSON lines\n- [ ] export entries as CSV file\n"
            ) == ["1 reworded", "0 reworded"]
        )
    }

    @Test("a ticked item does not become an open one of other words")
    func tickedIsNotReworded() throws {
        #expect(try match("- [x] migrate module 12\n", "- [ ] migrate module 13\n") == ["–"])
        #expect(try match("- [x] migrate module 12\n", "- [x] migrate module 12 now\n") == ["0 reworded"])
    }

    @Test("two ids are two items however alike they are")
    func differentIDs() throws {
        #expect(try match("- [ ] export as CSV {#a}\n", "- [ ] export as CSVs {#b}\n") == ["–"])
        #expect(try match("- [ ] export as CSV\n", "- [ ] export as CSVs {#b}\n") == ["0 reworded"])
    }

    @Test("a withdrawn item comes back by its id or title, after the living")
    func withdrawn() throws {
        let old = try document("- [ ] t\n- [ ] id words {#x}\n- [ ] similar words\n").items
        let new = try document("- [ ] t\n- [ ] other {#x}\n- [ ] similar word\n").items
        let gone = old.map { KnownItem($0, isWithdrawn: true) }
        let back = Reconciler.match(gone, with: new)
        #expect(back.matches.map { $0?.new } == [0, 1, nil])
        #expect(back.missing == [])
        #expect(back.added == [2])
        let both = Reconciler.match([gone[0], KnownItem(old[0])], with: new)
        #expect(both.matches.map { $0?.new } == [nil, 0])
    }

    @Test("the measure is what the manual says")
    func measure() {
        func likeness(_ a: String, _ b: String) -> Double { TitleLikeness(a).likeness(to: TitleLikeness(b)) }
        #expect(likeness("Night", "nacht") == 0.4)
        #expect(likeness("`a` b", "B, A!") == 1)
        #expect(likeness("", "…") == 0)
        #expect(likeness("aaa", "a") == 0.5)
    }
}

@Suite("Boxes in an edit")
struct BoxChangesTests {
    private struct Outcome: Equatable {
        var finished: [Int] = []
        var reopened: [Int] = []
        /// The document after the ticks are put back.
        var mended: String?
    }

    private func edit(_ old: String, _ new: String) throws -> Outcome {
        let known = try document(old).items.map { KnownItem($0) }
        let items = try document(new).items
        let changes = BoxChanges.classify(
            known,
            items,
            Reconciler.match(known, with: items),
            hasOtherChanges: !Tick.differsOnlyInBoxes(Array(old.utf8), Array(new.utf8))
        )
        let boxes = changes.putBack.flatMap(\.boxes)
        let mended =
            boxes.isEmpty
            ? nil : Tick.apply(Array(new.utf8), boxes: boxes).map { String(decoding: $0, as: UTF8.self) }
        return Outcome(finished: changes.finished, reopened: changes.reopened, mended: mended)
    }

    @Test("a tick by hand finishes, one box unticked alone reopens")
    func single() throws {
        #expect(try edit("- [ ] a\n- [x] b\n", "- [x] a\n- [x] b\n") == Outcome(finished: [0]))
        #expect(
            try edit("- [ ] a\n- [x] b\n  - [x] c\n", "- [ ] a\n- [ ] b\n  - [ ] c\n")
                == Outcome(reopened: [1])
        )
        #expect(try edit("- [ ] a\n", "- [ ] a\n") == Outcome())
        #expect(
            try edit("## US-1: a\n- [x] b\n- [x] c\n", "## US-1: a\n- [ ] b\n- [x] c\n")
                == Outcome(reopened: [0])
        )
    }

    @Test("a stale buffer over three fresh ticks gets them back")
    func stale() throws {
        let old = "- [x] a\n  - [x] one\n  - [ ] two\n- [x] b\n- [x] c\n- [ ] d\n"
        let new = "- [ ] a\n  - [ ] one\n  - [ ] two\n- [ ] b\n- [ ] c\n- [ ] d\n"
        let mended = "- [x] a\n  - [x] one\n  - [ ] two\n- [x] b\n- [x] c\n- [ ] d\n"
        #expect(try edit(old, new) == Outcome(mended: mended))
        #expect(try edit(old, new + "- [ ] e\n") == Outcome(mended: mended + "- [ ] e\n"))
    }

    @Test("one tick dropped along with any other change is put back")
    func withOtherChanges() throws {
        #expect(try edit("text\n\n- [x] a\n", "texts\n\n- [ ] a\n") == Outcome(mended: "texts\n\n- [x] a\n"))
        #expect(
            try edit("- [x] a\n- [ ] b\n", "- [ ] a\n- [x] b\n")
                == Outcome(finished: [1], mended: "- [x] a\n- [x] b\n")
        )
        #expect(
            try edit("# A\n- [x] a\n# B\n- [ ] b\n", "# A\n# B\n- [ ] b\n- [ ] a\n")
                == Outcome(mended: "# A\n# B\n- [ ] b\n- [x] a\n")
        )
    }

    @Test("no tick is put on words that were never worked on")
    func newWords() throws {
        #expect(try edit("- [x] a {#x}\n", "- [ ] quite another thing {#x}\n") == Outcome(reopened: [0]))
        #expect(
            try edit("- [x] module 12\n- [x] b\n", "- [ ] module 13\n- [ ] b\n")
                == Outcome(mended: "- [ ] module 13\n- [x] b\n")
        )
        #expect(
            try edit("## US-1: a\n- [x] b\n", "## US-1: a\n- [x] b\n- [ ] new\n") == Outcome(reopened: [0])
        )
        #expect(
            try edit("## US-1: a\n- [x] b\n", "## US-1: a\n- [ ] b\n- [ ] new\n") == Outcome(reopened: [0])
        )
        let more = [
            "- [ ] a\n  and more\n", "- [ ] a\n  - [ ] one\n  - [ ] two\n", "- [ ] a\n  - [ ] other\n",
        ]
        for text in more {
            #expect(
                try edit("- [x] a\n  - [x] one\n- [x] b\n", "\(text)- [ ] b\n")
                    == Outcome(reopened: [0], mended: "\(text)- [x] b\n")
            )
        }
        // White space is no word.
        #expect(
            try edit("- [x] a\n- [x] b\n", "- [ ]  a\n- [ ]  b\n- [ ] c\n")
                == Outcome(mended: "- [x]  a\n- [x]  b\n- [ ] c\n")
        )
        #expect(
            try edit("- [x] a b\n  - [x] c d\n- [x] e f\n", "- [ ] a  b\n  - [ ] c\td\n- [ ] e   f\n")
                == Outcome(mended: "- [x] a  b\n  - [x] c\td\n- [x] e   f\n")
        )
        #expect(
            try edit("## US-1: a  b\n- [x] c d\n\ntext\n", "## US-1: a b\n- [ ] c  d\n\ntexts\n")
                == Outcome(reopened: [0])
        )
        #expect(
            try edit("## US-1: a  b\n- [x] c d\n\ntext\n", "## US-1: a b\n- [ ] c  d\n\n text\n")
                == Outcome(mended: "## US-1: a b\n- [x] c  d\n\n text\n")
        )
    }

    @Test("a done item whose tick is owed is never taken for other words")
    func owed() throws {
        let known = try document("- [ ] add a login page\n- [ ] b {#b}\n").items.map {
            KnownItem($0, isDone: true)
        }
        let items = try document("- [ ] add the login page with logo\n- [ ] other {#b}\n").items
        let result = Reconciler.match(known, with: items)
        #expect(result.matches.map { $0?.new } == [nil, 1])
        let changes = BoxChanges.classify(known, items, result, hasOtherChanges: true)
        #expect(changes.reopened == [1] && changes.putBack.isEmpty)
    }

    @Test("rewording a ticked item does nothing")
    func rewordedTicked() throws {
        #expect(try edit("- [x] add a login page\n", "- [x] add a login page, nicely\n") == Outcome())
    }
}
