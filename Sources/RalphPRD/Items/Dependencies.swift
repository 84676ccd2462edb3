import RalphCore

/// Turns what `after` names into keys of items, and finds what can never come to its turn.
struct Dependencies {
    private let items: [Item]
    /// By item: how many names come from around it. A heading's default may name an item under it, which is spared.
    private let inherited: [Int]
    private var itemNamed: [String: Int] = [:]
    private var sectionNamed: [String: Int] = [:]
    private let sections: [NamedSection]
    private let columns: AttributeColumns
    private var lastColumns: (item: Int, columns: [Int])?
    private var problems: [Diagnostic] = []
    /// Edges from each item to what must be done first; sections have vertices of their own, behind the items.
    private var edges: [[Int]]
    private var keysOfList: [[String]: [String]] = [:]

    /// - Parameters:
    ///   - sections: by line.
    ///   - aliases: other names of items.
    init(
        _ items: [Item],
        sections: [NamedSection],
        inherited: [Int],
        aliases: [String: Int],
        columns: AttributeColumns
    ) {
        self.items = items
        self.sections = sections
        self.inherited = inherited
        self.columns = columns
        edges = Array(repeating: [], count: items.count)
        itemNamed = aliases
        for index in items.indices { itemNamed[items[index].key] = index }
        for (number, section) in sections.enumerated() {
            if sectionNamed[section.id] == nil { sectionNamed[section.id] = number }
            edges.append(Array(section.items))
        }
    }

    /// More names than these are a section's.
    private static let mostNames = 200
    /// Names that are compared with others for a hint.
    private static let mostHints = 20

    /// Writes keys for names and errors for what cannot be, and returns the errors as problems.
    mutating func resolve(into result: inout [Item]) -> [Diagnostic] {
        for index in items.indices where !items[index].attributes.after.isEmpty {
            resolve(index, into: &result[index])
        }
        for cycle in Cycles.find(in: edges) {
            let members = cycle.filter { $0 < items.count }.sorted()
            for index in members {
                report(index, inherited[index], message(forCycle: members, through: index), &result[index])
            }
        }
        return problems
    }

    private mutating func resolve(_ index: Int, into result: inout Item) {
        let names = items[index].attributes.after
        guard names.count <= Self.mostNames else {
            let message =
                "waits for \(names.count) names, more than \(Self.mostNames); give their heading an `{#id}` and wait for that"
            report(index, inherited[index], message, &result)
            result.attributes.after = []
            return
        }
        for (place, name) in names.enumerated() {
            if let target = itemNamed[name] {
                if target != index || place >= inherited[index] { add(index, target) }
            } else if let section = sectionNamed[name] {
                add(index, items.count + section)
            } else {
                report(index, place, message(forUnknown: name), &result)
            }
        }
        result.attributes.after = keys(of: names, for: index)
    }

    /// What is ticked waits for nothing any more, so no circle goes through it.
    private mutating func add(_ index: Int, _ target: Int) {
        if !items[index].isTicked { edges[index].append(target) }
    }

    /// - Parameter name: which of the names in `after` it is about.
    private mutating func report(_ index: Int, _ name: Int, _ message: String, _ result: inout Item) {
        result.error = result.error ?? message
        problems.append(
            Diagnostic(
                line: items[index].line,
                column: column(ofName: name - inherited[index], of: index),
                severity: .error,
                message: message
            )
        )
    }

    /// Cut out once for all names of an item.
    private mutating func column(ofName place: Int, of index: Int) -> Int {
        if lastColumns?.item != index { lastColumns = (index, columns.ofNames(item: index)) }
        guard let found = lastColumns?.columns, found.indices.contains(place) else {
            return columns.table.drafts[index].column
        }
        return found[place]
    }

    private mutating func message(forUnknown name: String) -> String {
        let names = problems.count < Self.mostHints ? nearNames : []
        let near = Spelling.nearest(to: name, in: names).map { "did you mean `\($0)`?" }
        return "waits for `\(name)`, which names no item; \(near ?? "write the `#id` or key of one")"
    }

    private lazy var nearNames: [String] = items.lazy.filter { $0.explicitID != nil }.prefix(500).map(\.key)

    private func message(forCycle members: [Int], through index: Int) -> String {
        let others = members.lazy.filter { $0 != index }.prefix(5).map {
            "`\(items[$0].key)` (line \(items[$0].line))"
        }
        if others.isEmpty { return "waits for itself; mend `after`" }
        let more = members.count > 6 ? " and \(members.count - 6) more" : ""
        return "waits in a circle with \(others.joined(separator: ", "))\(more); mend `after` in one of them"
    }

    /// Items with the same list share one array, unless they are spared in it.
    private mutating func keys(of names: [String], for index: Int) -> [String] {
        let keys = keysOfList[names] ?? expanded(names)
        keysOfList[names] = keys
        let isSpared = names.prefix(inherited[index]).contains { itemNamed[$0] == index }
        return isSpared ? keys.filter { $0 != items[index].key } : keys
    }

    private func expanded(_ names: [String]) -> [String] {
        var keys: [String] = []
        var seen: Set<String> = []
        for name in names {
            if let target = itemNamed[name] {
                if seen.insert(items[target].key).inserted { keys.append(items[target].key) }
            } else if let section = sectionNamed[name] {
                for target in sections[section].items where seen.insert(items[target].key).inserted {
                    keys.append(items[target].key)
                }
            }
        }
        return keys
    }
}

/// Strongly connected parts of a graph (Tarjan's algorithm, with a stack of its own instead of recursion).
struct Cycles {
    private let edges: [[Int]]
    private var number: [Int]
    private var low: [Int]
    private var isOpen: [Bool]
    private var open: [Int] = []
    private var count = 0
    private var found: [[Int]] = []

    /// The vertices of each cycle: parts of more than one vertex, and vertices with an edge to themselves.
    static func find(in edges: [[Int]]) -> [[Int]] {
        guard edges.contains(where: { !$0.isEmpty }) else { return [] }
        var search = Cycles(edges)
        for vertex in edges.indices where search.number[vertex] < 0 { search.visit(vertex) }
        return search.found
    }

    private init(_ edges: [[Int]]) {
        self.edges = edges
        number = Array(repeating: -1, count: edges.count)
        low = number
        isOpen = Array(repeating: false, count: edges.count)
    }

    private mutating func visit(_ root: Int) {
        var path: [(vertex: Int, next: Int)] = []
        enter(root, &path)
        while let (vertex, next) = path.last {
            if next < edges[vertex].count {
                path[path.count - 1].next += 1
                let target = edges[vertex][next]
                if number[target] < 0 {
                    enter(target, &path)
                } else if isOpen[target] {
                    low[vertex] = min(low[vertex], number[target])
                }
            } else {
                path.removeLast()
                if let above = path.last { low[above.vertex] = min(low[above.vertex], low[vertex]) }
                if low[vertex] == number[vertex] { close(vertex) }
            }
        }
    }

    private mutating func enter(_ vertex: Int, _ path: inout [(vertex: Int, next: Int)]) {
        number[vertex] = count
        low[vertex] = count
        count += 1
        isOpen[vertex] = true
        open.append(vertex)
        path.append((vertex, 0))
    }

    private mutating func close(_ vertex: Int) {
        var part: [Int] = []
        while let last = open.popLast() {
            isOpen[last] = false
            part.append(last)
            if last == vertex { break }
        }
        if part.count > 1 || edges[vertex].contains(vertex) { found.append(part) }
    }
}
