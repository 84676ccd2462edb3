package import RalphCore

/// What an edit did to boxes, and what the daemon makes of it (DESIGN.md §3.2).
package struct BoxChanges: Equatable, Sendable {
    /// A tick that goes back into the document, as it was dropped along with other changes.
    package struct PutBack: Equatable, Sendable {
        /// Index of the known item.
        package var known: Int
        /// Offsets in the new document: the item's box and those criteria that were ticked.
        package var boxes: [Int]
    }

    /// Known items, open before, that are ticked now: done by hand.
    package internal(set) var finished: [Int] = []
    /// Known items, ticked before, that are to be done again with fresh strikes.
    package internal(set) var reopened: [Int] = []
    package internal(set) var putBack: [PutBack] = []

    /// Sorts the changed boxes of an edit.
    /// - Parameter hasOtherChanges: whether anything but boxes differs from the last reading
    ///   (`!Tick.differsOnlyInBoxes`).
    package static func classify(
        _ known: [KnownItem],
        _ new: [Item],
        _ reconciliation: Reconciliation,
        hasOtherChanges: Bool
    ) -> BoxChanges {
        var changes = BoxChanges()
        var dropped: [(known: Int, new: Item)] = []
        var hasOtherTicks = false
        for (index, match) in reconciliation.matches.enumerated() {
            guard let match else { continue }
            let before = known[index].item
            let after = new[match.new]
            if before.isTicked == after.isTicked {
                if known[index].isDone, !after.isTicked, !after.hasSameContent(as: before) {
                    // Its tick was on its way back, and the words are others by now.
                    changes.reopened.append(index)
                    continue
                }
                hasOtherTicks = hasOtherTicks || ticks(before) != ticks(after)
            } else if after.isTicked {
                changes.finished.append(index)
            } else {
                dropped.append((index, after))
            }
        }
        let isOne = dropped.count == 1 && changes.finished.isEmpty && !hasOtherTicks && !hasOtherChanges
        for (index, after) in dropped {
            let before = known[index].item
            let boxes = lostBoxes(before, after)
            if isOne || boxes.isEmpty || !after.hasSameContent(as: before) {
                // One box in an otherwise unchanged save; or words that nobody worked on: a ticked item whose id now stands
                // for something else, one that says more, a story with new criteria.
                changes.reopened.append(index)
            } else {
                changes.putBack.append(PutBack(known: index, boxes: boxes))
            }
        }
        return changes
    }

    private static func ticks(_ item: Item) -> [Bool] { item.criteria.map(\.isTicked) }

    /// Boxes that were ticked and no longer are; criteria are found again by their text.
    private static func lostBoxes(_ before: Item, _ after: Item) -> [Int] {
        var boxes: [Int] = []
        if let box = after.boxOffset, before.boxOffset != nil { boxes.append(box) }
        var ticked: [[Substring]: Int] = [:]
        for criterion in before.criteria where criterion.isTicked { ticked[criterion.words, default: 0] += 1 }
        for criterion in after.criteria where criterion.isTicked { ticked[criterion.words, default: 0] -= 1 }
        for criterion in after.criteria where !criterion.isTicked {
            let words = criterion.words
            guard let count = ticked[words], count > 0 else { continue }
            ticked[words] = count - 1
            boxes.append(criterion.boxOffset)
        }
        return boxes
    }
}
