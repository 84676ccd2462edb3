import RalphCore

/// From text to items: the stages in their order.
struct ItemReader {
    private(set) var items: [Item] = []
    private(set) var problems: [Diagnostic] = []
    private(set) var splitBoxes: [SplitBox] = []
    private let text: SourceText
    private let tree: BlockTree

    init(_ text: SourceText, skippingLines lines: Int, piece: Int) {
        self.text = text
        tree = MarkdownReader.read(text, skippingLines: lines, piece: piece)
    }

    mutating func read() {
        let headings = HeadingTable(tree, text).headings
        for heading in headings {
            guard let error = heading.values.error else { continue }
            let column = heading.values.offset - text.start(ofLine: heading.line) + 1
            problems.append(Diagnostic(line: heading.line, column: column, severity: .error, message: error))
        }
        let table = TaskTable(tree, text, headings)
        problems += table.problems
        build(headings, table)
        problems += LookAlikes.find(in: tree, text)
        splitBoxes = table.groups.map { group in
            let task = table.tasks[group.task]
            return SplitBox(
                line: task.line,
                boxOffset: task.boxOffset,
                isTicked: task.isTicked,
                items: group.drafts
            )
        }
    }

    /// In one pass: a large document does not fit the caches twice.
    private mutating func build(_ headings: [Heading], _ table: TaskTable) {
        var builder = ItemBuilder(text, tree, headings, table)
        var keys = Keys(ids: ids(headings, table), drafts: table.drafts)
        var advice = Advice()
        var isOrdered = false
        items.reserveCapacity(table.drafts.count)
        for draft in table.drafts {
            var item = builder.item(draft)
            keys.assign(to: &item, behind: items, column: draft.column)
            if !item.criteria.isEmpty { advice.look(at: item, column: draft.column) }
            if !item.attributes.after.isEmpty { isOrdered = true }
            items.append(item)
        }
        problems += builder.problems + keys.problems + advice.problems
        if isOrdered { resolveDependencies(headings, table) }
    }

    /// The names that the author gave, with the indices of their items.
    private func ids(_ headings: [Heading], _ table: TaskTable) -> [(id: String, item: Int)] {
        var ids: [(id: String, item: Int)] = []
        for (index, draft) in table.drafts.enumerated() {
            switch draft.source {
            case .task(let task):
                let values = table.tasks[task].values
                if values >= 0, let id = table.values[values].id { ids.append((id, index)) }
            case .story(let heading):
                if let id = headings[heading].id { ids.append((id, index)) }
            }
        }
        return ids
    }

    private mutating func resolveDependencies(_ headings: [Heading], _ table: TaskTable) {
        let inherited = table.drafts.map { table.scopes[$0.scope].defaults.attributes.after.count }
        var aliases: [String: Int] = [:]
        for (index, draft) in table.drafts.enumerated() {
            guard case .story(let heading) = draft.source, let id = headings[heading].story?.id else {
                continue
            }
            aliases[id] = aliases[id] ?? index
        }
        var dependencies = Dependencies(
            items,
            sections: sections(headings, table),
            inherited: inherited,
            aliases: aliases
        )
        problems += dependencies.resolve(into: &items, columns: table.drafts.map(\.column))
    }

    /// Ids of headings and `split` boxes, which are no items themselves, with the items under them.
    private func sections(_ headings: [Heading], _ table: TaskTable) -> [(id: String, items: Range<Int>)] {
        var sections: [(id: String, items: Range<Int>)] = []
        for heading in headings {
            guard let id = heading.values.id, !heading.isItem else { continue }
            sections.append((id, firstItem(from: heading.line)..<firstItem(from: heading.sectionEnd + 1)))
        }
        for group in table.groups {
            if let id = group.id { sections.append((id, group.drafts)) }
        }
        return sections
    }

    /// Items stand in the order of their lines.
    private func firstItem(from line: Int) -> Int {
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if items[middle].line < line { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
