import RalphCore
import Testing

@testable import RalphPRD

@Suite("Ticking")
struct TickTests {
    @Test(
        "exactly the bytes in the boxes change",
        arguments: [
            "- [ ] a\n", "\u{FEFF}- [ ] a\n", "- [ ] a\r\n  - [ ] b\r\n", "-\t[ ]\ta\n\t- [ ] b\n",
            "* [ ] ä ö 日本\n  1. [ ] 語\n",
            "10) [ ] a\n\n    more\n\n    - [ ] b\n",
            "\u{FEFF}---\nname: x\n---\r\n\r\n- [ ] a  \r\n  - [ ] b\t\r\n", "- [ ] a\r  - [ ] b\r",
            "- group\n\n  + [ ] a\n     - [ ] b", "   - [ ] a\n\n     - [ ] b",
            "- [ ] a [ ] [ ]\n  - [ ] [ ] b\n",
            "# US-1: story\n\ntext\n\n- [ ] a\n  - [ ] b\n- c\n  - [ ] d\n",
        ]
    )
    func bytes(text: String) throws {
        let before = Array(text.utf8)
        let document = try PRD.parse(before)
        let after = try #require(Tick.apply(before, boxes: document.openBoxes(finishing: 0)))
        #expect(after.count == before.count)
        let item = try #require(document.items.first)
        var expected = before
        for box in [item.boxOffset].compactMap({ $0 }) + item.criteria.map(\.boxOffset) {
            #expect(Array(before[box - 1...box + 1]) == Array("[ ]".utf8))
            expected[box] = UInt8(ascii: "x")
        }
        #expect(after == expected)
        let read = try PRD.parse(after)
        #expect(read.items.map(\.isTicked) == [true])
        #expect(read.items[0].criteria.filter { !$0.isTicked } == [])
        #expect(Tick.differsOnlyInBoxes(before, after))
        #expect(Tick.untick(after, boxes: document.openBoxes(finishing: 0)) == before)
    }

    @Test("a place without a box is refused")
    func noBox() {
        let bytes = Array("- [ ] a".utf8)
        for offset in [-1, 0, 1, 2, 4, 6, 7, 100] { #expect(Tick.apply(bytes, boxes: [offset]) == nil) }
        #expect(Tick.apply(Array("[ ]".utf8), boxes: [1]) == Array("[x]".utf8))
        #expect(Tick.apply(Array("[X]".utf8), boxes: [1]) == Array("[X]".utf8))
        #expect(Tick.apply(Array("[-]".utf8), boxes: [1]) == nil)
    }

    @Test("the item is found wherever an edit has put it")
    func moved() throws {
        let known = try document("# A\n- [ ] one\n- [ ] two {#t}\n# B\n- [ ] three\n").items.map {
            KnownItem($0)
        }
        let fresh =
            "new text\n\n# B\n- [ ] two, but better {priority=1 #t}\n- [ ] one\n- [ ] three\n  - [ ] new criterion\n"
        guard case .ticked(let one) = Tick.finish(0, of: known, in: Array(fresh.utf8)) else {
            Issue.record("`one` was not found")
            return
        }
        #expect(String(decoding: one.bytes, as: UTF8.self) == fresh.replacing("[ ] one", with: "[x] one"))
        #expect(one.item.section == ["B"])
        guard case .contentChanged = Tick.finish(1, of: known, in: Array(fresh.utf8)),
            case .contentChanged = Tick.finish(2, of: known, in: Array(fresh.utf8))
        else {
            Issue.record("changed content was ticked")
            return
        }
        #expect(Tick.finish(0, of: known, in: Array("- [ ] three\n".utf8)) == .gone)
        guard case .rejected = Tick.finish(0, of: known, in: []) else {
            Issue.record("an empty file was ticked")
            return
        }
    }

    @Test("the box of a split task is ticked with the last of its items")
    func split() throws {
        let text =
            "- [ ] parent {split after=x}\n  - [x] one\n  - [ ] two\n    - [ ] criterion\n- [ ] x {#x}\n"
        let document = try document(text)
        #expect(document.items.map(\.title) == ["one", "two", "x"])
        #expect(document.items.map(\.section) == [["parent"], ["parent"], []])
        #expect(document.items.map(\.attributes.after) == [["x"], ["x"], []])
        guard
            case .ticked(let ticked) = Tick.finish(
                1,
                of: document.items.map { KnownItem($0) },
                in: Array(text.utf8)
            )
        else {
            Issue.record("not ticked")
            return
        }
        #expect(
            String(decoding: ticked.bytes, as: UTF8.self)
                == "- [x] parent {split after=x}\n  - [x] one\n  - [x] two\n    - [x] criterion\n- [ ] x {#x}\n"
        )
    }
}
