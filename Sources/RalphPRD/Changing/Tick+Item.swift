package import RalphCore

extension Tick {
    /// A document with one more item done.
    package struct Ticked: Equatable, Sendable {
        package var bytes: [UInt8]
        /// The boxes that changed.
        package var boxes: [Int]
        /// The item as it stands in the document.
        package var item: Item
    }

    package enum Finding: Equatable, Sendable {
        case ticked(Ticked)
        /// Nothing to write: somebody was faster.
        case alreadyTicked(Item)
        /// The item is there, but its text is not what was worked on.
        case contentChanged(Item)
        case gone
        /// The document is unreadable at the moment.
        case rejected(Rejection)
    }

    /// Finds a known item in fresh bytes, whatever has been edited meanwhile, and ticks it with its criteria.
    ///
    /// With the last of the items that a `split` box holds, that box is ticked too.
    /// - Parameters:
    ///   - index: which of the known items.
    ///   - known: all of them, as equal titles are told apart by their order.
    package static func finish(_ index: Int, of known: [KnownItem], in bytes: [UInt8]) -> Finding {
        guard known.indices.contains(index) else { return .gone }
        let document: Document
        do {
            document = try PRD.parse(bytes, hadItems: true)
        } catch {
            return .rejected(error)
        }
        guard let match = Reconciler.match(known, with: document.items).matches[index] else { return .gone }
        let item = document.items[match.new]
        guard item.hasSameContent(as: known[index].item) else { return .contentChanged(item) }
        let boxes = document.openBoxes(finishing: match.new)
        guard !item.isTicked, !boxes.isEmpty else { return .alreadyTicked(item) }
        guard let ticked = apply(bytes, boxes: boxes) else { return .gone }
        return .ticked(Ticked(bytes: ticked, boxes: boxes, item: item))
    }

    /// The document with the boxes of known items and their criteria open again, and those of the `split` boxes around them;
    /// nil where none is found.
    package static func open(_ indices: [Int], of known: [KnownItem], in bytes: [UInt8]) -> [UInt8]? {
        guard let document = try? PRD.parse(bytes, hadItems: true) else { return nil }
        let matches = Reconciler.match(known, with: document.items).matches
        let found = indices.compactMap { known.indices.contains($0) ? matches[$0]?.new : nil }
        let boxes = found.flatMap { index in
            let item = document.items[index]
            return [item.boxOffset].compactMap { $0 } + item.criteria.map(\.boxOffset)
                + document.splitBoxes.filter { $0.isTicked && $0.items.contains(index) }.map(\.boxOffset)
        }
        return boxes.isEmpty ? nil : untick(bytes, boxes: boxes)
    }

    /// Finds known items in fresh bytes and ticks all whose text is what was worked on; nil when there is nothing to write.
    package static func finish(_ indices: [Int], of known: [KnownItem], in bytes: [UInt8]) -> [UInt8]? {
        guard let document = try? PRD.parse(bytes, hadItems: true) else { return nil }
        let matches = Reconciler.match(known, with: document.items).matches
        let finished = indices.compactMap { index -> Int? in
            guard known.indices.contains(index), let match = matches[index] else { return nil }
            let item = document.items[match.new]
            return !item.isTicked && item.hasSameContent(as: known[index].item) ? match.new : nil
        }
        let boxes = document.openBoxes(finishing: Set(finished))
        return boxes.isEmpty ? nil : apply(bytes, boxes: boxes)
    }

    /// Whether two documents are the same but for the bytes in boxes.
    package static func differsOnlyInBoxes(_ old: [UInt8], _ new: [UInt8]) -> Bool {
        guard old.count == new.count else { return false }
        for at in old.indices where old[at] != new[at] {
            guard at >= 1, at + 1 < old.count, old[at - 1] == Byte.openBracket,
                old[at + 1] == Byte.closeBracket
            else { return false }
            for byte in [old[at], new[at]] where byte != Byte.space && !Byte.isTicked(byte) { return false }
        }
        return true
    }
}

extension Document {
    /// The open boxes of an item and its criteria, and of each `split` box whose last item it is.
    package func openBoxes(finishing index: Int) -> [Int] { openBoxes(finishing: [index]) }

    /// The same for several items at once.
    package func openBoxes(finishing indices: Set<Int>) -> [Int] {
        var boxes: [Int] = []
        for index in indices.sorted() {
            let item = items[index]
            if let box = item.boxOffset, !item.isTicked { boxes.append(box) }
            boxes += item.criteria.filter { !$0.isTicked }.map(\.boxOffset)
        }
        for split in splitBoxes where !split.isTicked && !indices.isDisjoint(with: split.items) {
            if split.items.allSatisfy({ indices.contains($0) || items[$0].isTicked }) {
                boxes.append(split.boxOffset)
            }
        }
        return boxes
    }
}
