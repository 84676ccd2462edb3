import Foundation
import RalphCore
import Testing

@testable import RalphPRD

@Suite("Any input")
struct FuzzTests {
    private static let count = ProcessInfo.processInfo.environment["RALPH_FUZZ_INPUTS"].flatMap(Int.init)
    private static let seed = ProcessInfo.processInfo.environment["RALPH_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("no input crashes, boxes are where they are said to be, a tick changes nothing else")
    func fuzz() throws {
        var generator = SeededGenerator(seed: Self.seed)
        for number in 0..<(Self.count ?? 1500) {
            let bytes = Corpus.random(&generator)
            guard let document = try? PRD.parse(bytes) else { continue }
            let problem = Self.problem(document, bytes)
            guard problem == nil else {
                Issue.record(
                    "input \(number): \(problem ?? "")\n\(String(decoding: bytes, as: UTF8.self).debugDescription)"
                )
                return
            }
        }
    }

    @Test("hard documents hold the same rules", arguments: Corpus.documents)
    func corpus(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(Self.problem(try PRD.parse(bytes), bytes) == nil)
    }

    private static func problem(_ document: Document, _ bytes: [UInt8]) -> String? {
        let text = SourceText(bytes)
        if Set(document.items.map(\.key)).count != document.items.count { return "two items have one key" }
        for (index, item) in document.items.enumerated() {
            if item.title.isEmpty { return "an item has no title" }
            if item.line < 1 || item.line > text.lineCount { return "an item is outside" }
            let boxes = [(item.boxOffset, item.isTicked, item.line)].filter { $0.0 != nil }
            for (offset, isTicked, line) in boxes
                + item.criteria.map({ ($0.boxOffset, $0.isTicked, $0.line) })
            {
                guard let offset, offset > 0, offset + 1 < bytes.count else { return "a box is outside" }
                guard bytes[offset - 1] == Byte.openBracket, bytes[offset + 1] == Byte.closeBracket else {
                    return "no box at \(offset)"
                }
                if Byte.isTicked(bytes[offset]) != isTicked { return "a tick is read wrong" }
                if text.place(of: offset).line != line { return "a box is on another line" }
            }
            if let problem = problem(ticking: index, document, bytes) {
                return "ticking \(index): \(problem)"
            }
        }
        for problem in document.problems
        where problem.line < 1 || problem.line > text.lineCount || problem.column < 1 {
            return "a diagnostic is outside: \(problem)"
        }
        return nil
    }

    private static func problem(ticking index: Int, _ document: Document, _ bytes: [UInt8]) -> String? {
        let boxes = document.openBoxes(finishing: index)
        if boxes.isEmpty { return nil }
        guard let ticked = Tick.apply(bytes, boxes: boxes) else { return "it is not possible" }
        guard Tick.differsOnlyInBoxes(bytes, ticked) else { return "more than boxes changed" }
        guard let after = try? PRD.parse(ticked) else { return "the document is broken" }
        guard after.items.count == document.items.count else { return "items came or went" }
        for (old, new) in zip(document.items, after.items)
        where !old.hasSameContent(as: new) || old.key != new.key || old.section != new.section {
            return "another item changed: \(old) \(new)"
        }
        if !after.items[index].isTicked,
            !after.items[index].criteria.isEmpty || after.items[index].boxOffset != nil
        {
            return "it is not ticked"
        }
        return nil
    }
}
