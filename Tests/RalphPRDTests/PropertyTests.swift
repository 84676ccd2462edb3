import Foundation
import RalphCore
import RalphPRDTrials
import Testing

@testable import RalphPRD

/// Random documents, edited at random while items are ticked in between: who is who must stay known.
@Suite("Any edit")
struct PropertyTests {
    @Test(
        "items that live through random edits keep their identity, and a tick changes boxes only",
        arguments: 1...12
    )
    func identity(seed: UInt64) throws {
        var model = Model(seed: seed)
        var known = try PRD.parse(model.bytes()).items.map { KnownItem($0) }
        var names = model.names
        for round in 0..<25 {
            model.edit()
            let bytes = model.bytes()
            let shown = "seed \(seed), round \(round)\n\(String(decoding: bytes, as: UTF8.self))"
            let items = try PRD.parse(bytes).items
            try #require(items.map(\.title) == model.titles, "\(shown)")
            let result = Reconciler.match(known, with: items)
            let expected = names.map { model.names.firstIndex(of: $0) }
            #expect(result.matches.map { $0?.new } == expected, "\(shown)")
            #expect(
                result.added.map { model.names[$0] } == model.names.filter { !names.contains($0) },
                "\(shown)"
            )
            #expect(
                result.missing.map { names[$0] } == names.filter { !model.names.contains($0) },
                "\(shown)"
            )
            known = items.map { KnownItem($0) }
            names = model.names
            if let open = items.indices.first(where: { !items[$0].isTicked }), round % 2 == 0 {
                try tick(open, of: known, model: &model, shown: shown)
                known = try PRD.parse(model.bytes()).items.map { KnownItem($0) }
                names = model.names
            }
        }
    }

    /// The daemon ticks an item while the author edits: both must be in the document.
    private func tick(_ index: Int, of known: [KnownItem], model: inout Model, shown: String) throws {
        let name = model.names[index]
        let content = known[index].item.content
        model.edit(sparing: name)
        let fresh = model.bytes()
        let finding = Tick.finish(index, of: known, in: fresh)
        guard case .ticked(let ticked) = finding else {
            Issue.record("\(finding)\n\(shown)")
            return
        }
        #expect(ticked.item.content == content)
        #expect(Tick.differsOnlyInBoxes(fresh, ticked.bytes))
        #expect(zip(fresh, ticked.bytes).filter { $0 != $1 }.count == ticked.boxes.count)
        model.tick(name)
        #expect(ticked.bytes == model.bytes(), "\(shown)")
    }
}

/// A document as its author thinks of it, with a hidden name for each item.
private struct Model {
    private struct Entry {
        var name: Int
        var title: String
        var isTicked: Bool
        var id: String?
        var criteria: [(text: String, isTicked: Bool)]
        var hasDetails: Bool
    }

    private var sections: [(title: String, entries: [Entry])] = []
    private var generator: SeededGenerator
    private var nextName = 0
    private let newline: String
    private let hasBOM: Bool

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        newline = seed % 3 == 0 ? "\r\n" : "\n"
        hasBOM = seed % 4 == 0
        for number in 0..<3 { sections.append(("Part \(number)", [])) }
        for _ in 0..<12 { insert() }
    }

    private var order: [Entry] { sections.flatMap(\.entries) }
    var names: [Int] { order.map(\.name) }
    var titles: [String] { order.map(\.title) }

    mutating func tick(_ name: Int) {
        change(name) { entry in
            entry.isTicked = true
            for index in entry.criteria.indices { entry.criteria[index].isTicked = true }
        }
    }

    func bytes() -> [UInt8] {
        var lines = ["---", "name: tally", "---", "# Plan [x]", ""]
        for section in sections {
            lines += ["## \(section.title)", "", "Prose with [ ] in it.", ""]
            for entry in section.entries {
                let id = entry.id.map { " {#\($0)}" } ?? ""
                lines.append("- [\(entry.isTicked ? "x" : " ")] \(entry.title)\(id)  ")
                if entry.hasDetails { lines.append("  details ü of \(entry.name)") }
                lines += entry.criteria.map { "  - [\($0.isTicked ? "x" : " ")] \($0.text)" }
            }
            lines.append("")
        }
        return Array(((hasBOM ? "\u{FEFF}" : "") + lines.joined(separator: newline)).utf8)
    }

    /// One to three changes; no item is touched twice, and the spared one not in its content.
    mutating func edit(sparing name: Int? = nil) {
        var touched: Set<Int> = []
        for _ in 0..<1 + generator.below(3) {
            guard let target = names.isEmpty ? nil : generator.pick(names), touched.insert(target).inserted
            else { continue }
            switch generator.below(7) {
            case 0, 1: touched.insert(insert())
            case 2: move(target)
            case 3 where target != name: remove(target)
            case 4 where target != name: reword(target)
            case 5 where target != name: change(target) { $0.isTicked = true }
            case 6: sections.swapAt(generator.below(3), generator.below(3))
            default: break
            }
        }
    }

    private mutating func change(_ name: Int, _ body: (inout Entry) -> Void) {
        for section in sections.indices {
            for index in sections[section].entries.indices where sections[section].entries[index].name == name
            {
                body(&sections[section].entries[index])
            }
        }
    }

    @discardableResult
    private mutating func insert() -> Int {
        nextName += 1
        let count = 5 + generator.below(4)
        let title = (0..<count).map { _ in word() }.joined(separator: generator.chance(20) ? " [x] " : " ")
        let entry = Entry(
            name: nextName,
            title: title,
            isTicked: generator.chance(30),
            id: generator.chance(20) ? "id\(nextName)" : nil,
            criteria: (0..<generator.below(3)).map { ("crit \($0) of \(nextName)", false) },
            hasDetails: generator.chance(30)
        )
        put(entry)
        return nextName
    }

    private mutating func put(_ entry: Entry) {
        let section = generator.below(sections.count)
        let place = generator.below(sections[section].entries.count + 1)
        sections[section].entries.insert(entry, at: place)
    }

    private mutating func remove(_ name: Int) {
        for section in sections.indices { sections[section].entries.removeAll { $0.name == name } }
    }

    private mutating func move(_ name: Int) {
        guard let entry = order.first(where: { $0.name == name }) else { return }
        remove(name)
        put(entry)
    }

    private mutating func reword(_ name: Int) {
        let more = word()
        change(name) { $0.title += " " + more }
    }

    private mutating func word() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzäöü日本")
        return String((0..<5 + generator.below(3)).map { _ in letters[generator.below(letters.count)] })
    }
}
