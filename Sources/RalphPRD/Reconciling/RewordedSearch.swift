import RalphCore

/// Pairs what is left of one section by the likeness of titles, best pairs first.
///
/// Up to a bound every pair is looked at. Beyond it (a search-and-replace over thousands of items) a title is compared
/// with the one in its own place, and then with some that share its rarest letter pairs, so that the time stays linear.
struct RewordedSearch {
    struct Entry {
        var index: Int
        var id: String?
        var isTicked: Bool
        var title: String

        init(_ item: Item, index: Int, isDone: Bool = false) {
            self.index = index
            id = item.explicitID
            isTicked = item.isTicked || isDone
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

    /// Pairs of `index`es.
    mutating func pairs(_ olds: [Entry], _ news: [Entry]) -> [(old: Int, new: Int)] {
        if olds.count <= comparisonsLeft / max(news.count, 1) {
            comparisonsLeft -= olds.count * news.count
            return Self.pairs(olds, news, isExhaustive: true)
        }
        // In place first, as a search-and-replace leaves it.
        var found: [(old: Int, new: Int)] = []
        var oldRest: [Entry] = []
        var newRest: [Entry] = []
        for place in 0..<max(olds.count, news.count) {
            if place < olds.count, place < news.count, Self.likeness(olds[place], news[place]) != nil {
                found.append((olds[place].index, news[place].index))
                continue
            }
            if place < olds.count { oldRest.append(olds[place]) }
            if place < news.count { newRest.append(news[place]) }
        }
        return found + Self.pairs(oldRest, newRest, isExhaustive: false)
    }

    private static func likeness(_ old: Entry, _ new: Entry) -> Double? {
        guard mayBeSame(old, new) else { return nil }
        let likeness = TitleLikeness(old.title).likeness(to: TitleLikeness(new.title))
        return likeness >= TitleLikeness.threshold ? likeness : nil
    }

    private static func pairs(
        _ olds: [Entry],
        _ news: [Entry],
        isExhaustive: Bool
    ) -> [(old: Int, new: Int)] {
        guard !olds.isEmpty, !news.isEmpty else { return [] }
        let newTitles = news.map { TitleLikeness($0.title) }
        let holders = isExhaustive ? nil : PairHolders(newTitles)
        var found: [Candidate] = []
        for old in olds.indices {
            let title = TitleLikeness(olds[old].title)
            for new in holders?.neighbours(of: title, at: old) ?? Array(news.indices)
            where mayBeSame(olds[old], news[new]) {
                let likeness = title.likeness(to: newTitles[new])
                guard likeness >= TitleLikeness.threshold else { continue }
                found.append(Candidate(likeness: likeness, distance: abs(old - new), old: old, new: new))
            }
        }
        return bestFirst(found, olds, news)
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
}

/// Which titles have a letter pair.
private struct PairHolders {
    /// Titles that one title is compared with, by each of its rarest pairs.
    private static let mostNeighbours = 8
    private static let rarestPairs = 4

    /// Ascending.
    private var lists: [UInt64: [Int]] = [:]

    init(_ titles: [TitleLikeness]) {
        for (index, title) in titles.enumerated() {
            var last: UInt64?
            for pair in title.pairs where pair != last {
                last = pair
                lists[pair, default: []].append(index)
            }
        }
    }

    /// Those that share the rarest pairs; of many, the ones nearest to the place.
    func neighbours(of title: TitleLikeness, at place: Int) -> [Int] {
        var shared: [[Int]] = []
        var last: UInt64?
        for pair in title.pairs where pair != last {
            last = pair
            if let list = lists[pair] { shared.append(list) }
        }
        shared.sort { $0.count < $1.count }
        var found: Set<Int> = []
        for list in shared.prefix(Self.rarestPairs) {
            var low = 0
            var high = list.count
            while low < high {
                let middle = (low + high) / 2
                if list[middle] < place { low = middle + 1 } else { high = middle }
            }
            let first = max(0, min(low - Self.mostNeighbours / 2, list.count - Self.mostNeighbours))
            found.formUnion(list[first...].prefix(Self.mostNeighbours))
        }
        return found.sorted()
    }
}
