/// Something that is no item but has an id, so that others can wait for all that is in it: a heading or a `split` task.
struct NamedSection: Sendable {
    var id: String
    var line: Int
    var values: AttributeValues
    var isHeading: Bool
    /// Indices of the items in it.
    var items: Range<Int>

    /// All of a document, in the order of their lines.
    static func find(_ headings: [Heading], _ table: TaskTable) -> [NamedSection] {
        var sections: [NamedSection] = []
        for heading in headings {
            guard let id = heading.values.id, !heading.isItem else { continue }
            let first = firstItem(from: heading.line, table)
            let end = firstItem(from: heading.sectionEnd + 1, table)
            sections.append(
                NamedSection(
                    id: id,
                    line: heading.line,
                    values: heading.values,
                    isHeading: true,
                    items: first..<end
                )
            )
        }
        for group in table.groups {
            guard let id = group.id else { continue }
            let task = table.tasks[group.task]
            sections.append(
                NamedSection(
                    id: id,
                    line: task.line,
                    values: table.values[task.values],
                    isHeading: false,
                    items: group.drafts
                )
            )
        }
        return sections.sorted { $0.line < $1.line }
    }

    /// Items stand in the order of their lines.
    private static func firstItem(from line: Int, _ table: TaskTable) -> Int {
        var low = 0
        var high = table.drafts.count
        while low < high {
            let middle = (low + high) / 2
            if table.drafts[middle].line < line { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
