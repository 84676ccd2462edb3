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

    /// Of the `after` that holds a name.
    /// - Parameter place: among the item's own; others have no column of their own.
    func ofName(_ place: Int, item: Int) -> Int {
        column(place < 0 ? nil : values(of: item)?.offset(ofName: place, in: text), item)
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
