import RalphCore
package import RalphPRD

/// What holds of every document that can be read, whatever is in it.
package struct ReadingRules {
    private let document: Document
    private let bytes: [UInt8]
    private let lineStarts: [Int]

    /// - Parameter bytes: what the document was read from.
    package init(_ document: Document, _ bytes: [UInt8]) {
        self.document = document
        self.bytes = bytes
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for (index, byte) in bytes.enumerated() {
            let isCRLF = byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
            if byte == 10 || (byte == 13 && !isCRLF) { starts.append(index + 1) }
        }
        lineStarts = starts
    }

    /// The first rule that is broken, in words.
    package func problem() -> String? {
        if Set(document.items.map(\.key)).count != document.items.count { return "two items have one key" }
        for item in document.items {
            if item.title.isEmpty { return "an item has no title" }
            if line(item.line) == nil { return "an item is outside" }
            if let offset = item.boxOffset,
                let problem = problem(ofBox: offset, isTicked: item.isTicked, line: item.line)
            {
                return problem
            }
            for criterion in item.criteria {
                let box = problem(
                    ofBox: criterion.boxOffset,
                    isTicked: criterion.isTicked,
                    line: criterion.line
                )
                if let box { return box }
            }
        }
        for problem in document.problems where line(problem.line) == nil || problem.column < 1 {
            return "a diagnostic is outside: \(problem)"
        }
        return nil
    }

    /// The bytes of a line from 1.
    private func line(_ number: Int) -> Range<Int>? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        return lineStarts[number - 1]..<(number < lineStarts.count ? lineStarts[number] : bytes.count)
    }

    private func problem(ofBox offset: Int, isTicked: Bool, line number: Int) -> String? {
        guard offset > 0, offset + 1 < bytes.count else { return "a box is outside" }
        guard bytes[offset - 1] == UInt8(ascii: "["), bytes[offset + 1] == UInt8(ascii: "]") else {
            return "no box at \(offset)"
        }
        let isX = bytes[offset] == UInt8(ascii: "x") || bytes[offset] == UInt8(ascii: "X")
        if isX != isTicked { return "a tick is read wrong" }
        return line(number)?.contains(offset) == true ? nil : "a box is on another line"
    }

    /// What is wrong with ticking one item: only boxes may change, and no other item.
    package func problem(ticking index: Int) -> String? {
        let boxes = document.openBoxes(finishing: index)
        if boxes.isEmpty { return nil }
        guard let ticked = Tick.apply(bytes, boxes: boxes) else { return "it is not possible" }
        let changed = bytes.indices.filter { bytes[$0] != ticked[$0] }
        guard ticked.count == bytes.count, changed == boxes.sorted() else { return "other bytes changed" }
        guard Tick.differsOnlyInBoxes(bytes, ticked) else { return "more than boxes changed" }
        guard let after = try? PRD.parse(ticked) else { return "the document is broken" }
        guard after.items.count == document.items.count else { return "items came or went" }
        for (old, new) in zip(document.items, after.items)
        where !old.hasSameContent(as: new) || old.key != new.key || old.section != new.section {
            return "another item changed: \(old) \(new)"
        }
        return after.items[index].isTicked ? nil : "it is not ticked"
    }
}
