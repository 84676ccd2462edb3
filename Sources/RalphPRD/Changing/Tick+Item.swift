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

    /// The document with the boxes of a known item and its criteria open again, and those of the `split` box around it;
    /// nil where it is not found.
    package static func open(_ index: Int, of known: [KnownItem], in bytes: [UInt8]) -> [UInt8]? {
        guard known.indices.contains(index), let document = try? PRD.parse(bytes, hadItems: true),
            let match = Reconciler.match(known, with: document.items).matches[index]
        else { return nil }
        let item = document.items[match.new]
        let around = document.splitBoxes.filter { $0.isTicked && $0.items.contains(match.new) }.map(
            \.boxOffset
        )
        return untick(
            bytes,
            boxes: [item.boxOffset].compactMap { $0 } + item.criteria.map(\.boxOffset) + around
        )
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
    package func openBoxes(finishing index: Int) -> [Int] {
        let item = items[index]
        var boxes: [Int] = []
        if let box = item.boxOffset, !item.isTicked { boxes.append(box) }
        boxes += item.criteria.filter { !$0.isTicked }.map(\.boxOffset)
        for split in splitBoxes where split.items.contains(index) && !split.isTicked {
            if split.items.allSatisfy({ $0 == index || items[$0].isTicked }) { boxes.append(split.boxOffset) }
        }
        return boxes
    }
}
