/// The columns of what stands in braces, for who has something to say about it.
struct AttributeColumns {
    let text: SourceText
    let headings: [Heading]
    let table: TaskTable

    /// Of an item's id.
    func ofID(item: Int) -> Int { column(values(of: item)?.offsetOfID(in: text), item) }

    func ofID(_ section: NamedSection) -> Int {
        section.values.offsetOfID(in: text).map { $0 - text.start(ofLine: section.line) + 1 } ?? 1
    }

    /// Of the `after` that holds each of an item's own names; none for those that a story's line names.
    func ofNames(item: Int) -> [Int] {
        values(of: item)?.offsetsOfNames(in: text).map { column($0, item) } ?? []
    }

    private func column(_ offset: Int?, _ item: Int) -> Int {
        let draft = table.drafts[item]
        return offset.map { $0 - text.start(ofLine: draft.line) + 1 } ?? draft.column
    }

    private func values(of item: Int) -> AttributeValues? {
        switch table.drafts[item].source {
        case .task(let task):
            let values = table.tasks[task].values
            return values < 0 ? nil : table.values[values]
        case .story(let heading): return headings[heading].values
        }
    }
}
