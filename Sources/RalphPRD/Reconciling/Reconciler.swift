package import RalphCore

/// Finds the known items again in a new reading of the document (docs/prd-format.md, "What is the same item").
package struct Reconciler {
    private let known: [KnownItem]
    private let new: [Item]
    private var result: Reconciliation
    private var isTaken: [Bool]
    private var sections = SectionNumbers()
    private var knownSections: [Int] = []
    private var newSections: [Int] = []

    /// - Parameter known: in document order as last read; withdrawn ones anywhere.
    package static func match(_ known: [KnownItem], with new: [Item]) -> Reconciliation {
        var reconciler = Reconciler(known, new)
        reconciler.matchEnds()
        reconciler.matchIDs()
        reconciler.numberSections()
        reconciler.matchTitles(reason: .sameTitle, isInSameSection: true)
        reconciler.matchTitles(reason: .moved, isInSameSection: false)
        reconciler.matchReworded()
        reconciler.finish()
        return reconciler.result
    }

    private init(_ known: [KnownItem], _ new: [Item]) {
        self.known = known
        self.new = new
        result = Reconciliation(matches: Array(repeating: nil, count: known.count))
        isTaken = Array(repeating: false, count: new.count)
    }

    private mutating func pair(_ old: Int, _ index: Int, _ reason: Reconciliation.Reason) {
        result.matches[old] = Reconciliation.Match(new: index, reason: reason)
        isTaken[index] = true
    }

    /// Most edits change one place: all that is the same before and behind it needs no search.
    private mutating func matchEnds() {
        let live = known.indices.filter { !known[$0].isWithdrawn }
        var first = 0
        while first < min(live.count, new.count), isSame(live[first], first) {
            pair(live[first], first, reason(live[first]))
            first += 1
        }
        var last = 0
        while last < min(live.count, new.count) - first,
            isSame(live[live.count - 1 - last], new.count - 1 - last)
        {
            pair(live[live.count - 1 - last], new.count - 1 - last, reason(live[live.count - 1 - last]))
            last += 1
        }
    }

    private func reason(_ old: Int) -> Reconciliation.Reason {
        known[old].item.explicitID == nil ? .sameTitle : .sameID
    }

    private func isSame(_ old: Int, _ index: Int) -> Bool {
        let item = known[old].item
        return item.isTicked == new[index].isTicked && item.explicitID == new[index].explicitID
            && item.section == new[index].section
            && (item.title == new[index].title || item.title.foldingBlanks == new[index].title.foldingBlanks)
    }

    private mutating func matchIDs() {
        var newWithID: [String: Int] = [:]
        for index in new.indices where !isTaken[index] {
            if let id = new[index].explicitID { newWithID[id] = index }
        }
        guard !newWithID.isEmpty else { return }
        for withdrawn in [false, true] {
            for old in known.indices where result.matches[old] == nil && known[old].isWithdrawn == withdrawn {
                guard let id = known[old].item.explicitID, let index = newWithID.removeValue(forKey: id)
                else { continue }
                pair(old, index, .sameID)
            }
        }
    }

    private mutating func numberSections() {
        guard isTaken.contains(false) else { return }
        knownSections = known.map { sections.number(of: $0.item.section) }
        newSections = new.map { sections.number(of: $0.section) }
    }

    private struct TitleInSection: Hashable {
        private var title: String
        private var section: Int

        init(_ item: Item, section: Int) {
            title = item.title.foldingBlanks
            self.section = section
        }
    }

    private mutating func matchTitles(reason: Reconciliation.Reason, isInSameSection: Bool) {
        var waiting: [TitleInSection: [Int]] = [:]
        for index in new.indices where !isTaken[index] {
            let section = isInSameSection ? newSections[index] : 0
            waiting[TitleInSection(new[index], section: section), default: []].append(index)
        }
        guard !waiting.isEmpty else { return }
        for withdrawn in [false, true] {
            var groups: [TitleInSection: [Int]] = [:]
            for old in known.indices where result.matches[old] == nil && known[old].isWithdrawn == withdrawn {
                let section = isInSameSection ? knownSections[old] : 0
                let title = TitleInSection(known[old].item, section: section)
                if waiting[title] != nil { groups[title, default: []].append(old) }
            }
            for (title, group) in groups {
                let rest = pairEqual(group, waiting[title] ?? [], reason)
                waiting[title] = rest.isEmpty ? nil : rest
            }
        }
    }

    /// Pairs items of equal titles: equal ticks first, then as they come. Returns the new ones that are left over.
    private mutating func pairEqual(_ group: [Int], _ candidates: [Int], _ reason: Reconciliation.Reason)
        -> [Int]
    {
        for isTicked in [true, false] {
            let olds = group.filter { known[$0].item.isTicked == isTicked }
            let news = candidates.filter { new[$0].isTicked == isTicked }
            for (old, index) in zip(olds, news) { pair(old, index, reason) }
        }
        let olds = group.filter { result.matches[$0] == nil }
        for (old, index) in zip(olds, candidates.filter({ !isTaken[$0] })) { pair(old, index, reason) }
        return candidates.filter { !isTaken[$0] }
    }

    private mutating func matchReworded() {
        var olds: [Int: [Int]] = [:]
        for old in known.indices
        where result.matches[old] == nil && !known[old].isWithdrawn && !isTaken.isEmpty {
            guard !knownSections.isEmpty else { return }
            olds[knownSections[old], default: []].append(old)
        }
        guard !olds.isEmpty else { return }
        var news: [Int: [Int]] = [:]
        for index in new.indices where !isTaken[index] { news[newSections[index], default: []].append(index) }
        var search = RewordedSearch()
        for (section, group) in olds.sorted(by: { $0.key < $1.key }) {
            guard let candidates = news[section] else { continue }
            let pairs = search.pairs(
                group.map { RewordedSearch.Entry(known[$0].item, index: $0, isDone: known[$0].isDone) },
                candidates.map { RewordedSearch.Entry(new[$0], index: $0) }
            )
            for (old, index) in pairs { pair(old, index, .reworded) }
        }
    }

    private mutating func finish() {
        result.added = new.indices.filter { !isTaken[$0] }
        result.missing = known.indices.filter { result.matches[$0] == nil && !known[$0].isWithdrawn }
    }
}

/// Small numbers for section paths, so that they are hashed once and not once per item.
private struct SectionNumbers {
    private var numbers: [[String]: Int] = [:]
    private var last: (section: [String], number: Int)?

    mutating func number(of section: [String]) -> Int {
        if let last, last.section == section { return last.number }
        let number = numbers[section] ?? numbers.count
        numbers[section] = number
        last = (section, number)
        return number
    }
}
