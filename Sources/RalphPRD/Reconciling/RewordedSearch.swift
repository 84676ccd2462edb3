import RalphCore

/// Pairs what is left of one section by the likeness of titles, best pairs first.
///
/// Up to a bound every pair is looked at. Beyond it (a search-and-replace over thousands of items) a title is compared
/// with those that share its rarest letter pairs and with the one at its own place, so that the time stays linear.
struct RewordedSearch {
    struct Entry {
        var index: Int
        var id: String?
        var isTicked: Bool
        var title: String

        init(_ item: Item, index: Int) {
            self.index = index
            id = item.explicitID
            isTicked = item.isTicked
            title = item.title
        }
    }

    private struct Candidate {
        var likeness: Double
        var distance: Int
        var old: Int
        var new: Int
    }

    /// Comparisons that one search may spend on looking at every pair.
    private var comparisonsLeft = 100_000
    /// Titles that one title is compared with beyond that.
    private static let mostNeighbours = 8
    private static let rarestPairs = 4

    /// Pairs of `index`es.
    mutating func pairs(_ olds: [Entry], _ news: [Entry]) -> [(old: Int, new: Int)] {
        let oldTitles = olds.map { TitleLikeness($0.title) }
        let newTitles = news.map { TitleLikeness($0.title) }
        var candidates: [Candidate] = []
        func consider(_ old: Int, _ new: Int) {
            guard Self.mayBeSame(olds[old], news[new]) else { return }
            let likeness = oldTitles[old].likeness(to: newTitles[new])
            guard likeness >= TitleLikeness.threshold else { return }
            candidates.append(Candidate(likeness: likeness, distance: abs(old - new), old: old, new: new))
        }
        if olds.count <= comparisonsLeft / max(news.count, 1) {
            comparisonsLeft -= olds.count * news.count
            for old in olds.indices { for new in news.indices { consider(old, new) } }
        } else {
            let neighbours = Self.neighbours(of: oldTitles, in: newTitles)
            for old in olds.indices {
                for new in neighbours[old] { consider(old, new) }
            }
        }
        return Self.bestFirst(candidates, olds, news)
    }

    /// A ticked item is never taken for an open one of another wording: the new words have not been worked on.
    private static func mayBeSame(_ old: Entry, _ new: Entry) -> Bool {
        if old.isTicked, !new.isTicked { return false }
        return old.id == nil || new.id == nil || old.id == new.id
    }

    private static func bestFirst(
        _ candidates: [Candidate],
        _ olds: [Entry],
        _ news: [Entry]
    ) -> [(old: Int, new: Int)] {
        let sorted = candidates.sorted {
            ($1.likeness, $0.distance, $0.old, $0.new) < ($0.likeness, $1.distance, $1.old, $1.new)
        }
        var takenOld: Set<Int> = []
        var takenNew: Set<Int> = []
        var pairs: [(old: Int, new: Int)] = []
        for candidate in sorted where !takenOld.contains(candidate.old) && !takenNew.contains(candidate.new) {
            takenOld.insert(candidate.old)
            takenNew.insert(candidate.new)
            pairs.append((olds[candidate.old].index, news[candidate.new].index))
        }
        return pairs
    }

    private static func neighbours(of olds: [TitleLikeness], in news: [TitleLikeness]) -> [[Int]] {
        var holders: [UInt64: [Int]] = [:]
        for (index, title) in news.enumerated() {
            for pair in Set(title.pairs) { holders[pair, default: []].append(index) }
        }
        return olds.enumerated().map { index, title in
            var found: Set<Int> = index < news.count ? [index] : []
            let shared = Set(title.pairs).compactMap { pair in holders[pair].map { (pair, $0) } }
            for (_, list) in shared.sorted(by: { ($0.1.count, $0.0) < ($1.1.count, $1.0) }).prefix(
                rarestPairs
            ) {
                // Of many, those around the same place.
                let middle = min(max(index, 0), list.count - 1)
                let first = max(0, min(middle - mostNeighbours / 2, list.count - mostNeighbours))
                found.formUnion(list[first..<min(first + mostNeighbours, list.count)])
            }
            return found.sorted()
        }
    }
}
