/// In which order the items of a document will run, and which will not, if nothing fails.
package struct RunPlan: Equatable, Sendable {
    /// An item that does not run, and why.
    package struct Exception: Equatable, Sendable {
        package var index: Int
        package var state: ItemState
        package var reason: String
    }

    /// Indices of items, first to run first.
    package private(set) var order: [Int] = []
    /// In document order.
    package private(set) var exceptions: [Exception] = []
    package private(set) var done: [Int] = []

    package init(_ items: [Item]) {
        var ready: [Int] = []
        var waiting: [Int: Int] = [:]
        var dependents: [String: [Int]] = [:]
        let finished = Set(items.filter(\.isTicked).map(\.key))
        for (index, item) in items.enumerated() {
            if item.isTicked {
                done.append(index)
                continue
            }
            guard item.attributes.mode == .run, item.error == nil else { continue }
            let open = Set(item.attributes.after).subtracting(finished)
            if open.isEmpty { ready.append(index) }
            waiting[index] = open.count
            for key in open { dependents[key, default: []].append(index) }
        }
        // Last to run first, so that the next one is taken from the end.
        let runsLater = { (a: Int, b: Int) in
            (items[a].attributes.priority, a) > (items[b].attributes.priority, b)
        }
        ready.sort(by: runsLater)
        while let index = ready.popLast() {
            order.append(index)
            for dependent in dependents[items[index].key] ?? [] {
                waiting[dependent, default: 0] -= 1
                if waiting[dependent] == 0 {
                    ready.insert(dependent, at: ready.placeOf(dependent, by: runsLater))
                }
            }
        }
        except(items, planned: finished.union(order.map { items[$0].key }))
    }

    /// "1 done, 3 to run, 3 not".
    package var words: String { "\(done.count) done, \(order.count) to run, \(exceptions.count) not" }

    private mutating func except(_ items: [Item], planned: Set<String>) {
        let byKey = Dictionary(items.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let running = Set(order)
        for (index, item) in items.enumerated() where !item.isTicked && !running.contains(index) {
            exceptions.append(RunPlan.exception(index, item, byKey: byKey, planned: planned))
        }
    }

    private static func exception(
        _ index: Int,
        _ item: Item,
        byKey: [String: Item],
        planned: Set<String>
    ) -> Exception {
        switch item.attributes.mode {
        case .manual: return Exception(index: index, state: .manual, reason: "a person does it")
        case .later: return Exception(index: index, state: .later, reason: "marked as later")
        case .run: break
        }
        if let error = item.error { return Exception(index: index, state: .blocked, reason: error) }
        let missing = item.attributes.after.first { !planned.contains($0) } ?? ""
        let why =
            switch byKey[missing]?.attributes.mode {
            case nil: "which the PRD does not have"
            case .manual: "which a person does"
            case .later: "which is marked as later"
            case .run: "which does not run"
            }
        return Exception(index: index, state: .waiting, reason: "waits for #\(missing), \(why)")
    }
}

extension [Int] {
    /// Where an element belongs in an array sorted by that order.
    fileprivate func placeOf(_ element: Int, by comesBefore: (Int, Int) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(self[middle], element) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
