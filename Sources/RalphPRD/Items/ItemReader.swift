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
            guard heading.values.error != nil else { continue }
            problems += heading.values.diagnostics(onLine: heading.line, in: text)
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
        let columns = AttributeColumns(text: text, headings: headings, table: table)
        let sections = NamedSection.find(headings, table)
        var keys = Keys(ids: ids(headings, table), columns: columns)
        keys.claim(sections)
        var advice = Advice()
        var isOrdered = false
        items.reserveCapacity(table.drafts.count)
        for draft in table.drafts {
            var item = builder.item(draft)
            keys.assign(to: &item, behind: items, column: draft.column)
            if !item.criteria.isEmpty { advice.look(at: item, column: draft.column) }
            if !item.attributes.after.isEmpty { isOrdered = true }
            items.append(consume item)
        }
        for (range, message) in keys.stopped {
            for index in range { items[index].error = items[index].error ?? message }
        }
        problems += builder.problems + keys.problems + advice.problems
        if isOrdered { resolveDependencies(columns, sections) }
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

    private mutating func resolveDependencies(_ columns: AttributeColumns, _ sections: [NamedSection]) {
        let table = columns.table
        let inherited = table.drafts.map { table.scopes[$0.scope].defaults.attributes.after.count }
        var aliases: [String: Int] = [:]
        for (index, draft) in table.drafts.enumerated() {
            guard case .story(let heading) = draft.source, let id = columns.headings[heading].story?.id
            else {
                continue
            }
            aliases[id] = aliases[id] ?? index
        }
        var dependencies = Dependencies(
            items,
            sections: sections,
            inherited: inherited,
            aliases: aliases,
            columns: columns
        )
        problems += dependencies.resolve(into: &items)
    }
}
