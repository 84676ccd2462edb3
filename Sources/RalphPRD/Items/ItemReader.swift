import RalphCore

/// From text to items: the stages in their order.
struct ItemReader {
    private(set) var items: [Item] = []
    private(set) var problems: [Diagnostic] = []
    private(set) var splitBoxes: [SplitBox] = []
    private let text: SourceText
    private let tree: BlockTree

    init(_ text: SourceText, skippingLines lines: Int) {
        self.text = text
        tree = MarkdownReader.read(text, skippingLines: lines)
    }

    mutating func read() {
        let headings = HeadingTable(tree, text).headings
        let table = TaskTable(tree, text, headings)
        problems += table.problems
        var drafts = table.drafts
        readStoryLines(&drafts, headings)
        let builder = ItemBuilder(text: text, headings: headings, table: table)
        items = drafts.map(builder.item)
        let columns = drafts.map(\.column)
        reportErrors(drafts, headings, table)
        var keys = Keys()
        keys.assign(to: &items, columns: columns)
        problems += keys.problems
        var dependencies = Dependencies(items, sections: sections(headings, table), drafts: drafts)
        problems += dependencies.resolve(into: &items, columns: columns)
        problems += Advice.find(in: items, columns: columns)
        problems += LookAlikes.find(in: tree, text)
        splitBoxes = table.groups.map { group in
            let task = table.tasks[group.task]
            return SplitBox(
                line: task.line,
                boxOffset: task.box.offset,
                isTicked: task.box.isTicked,
                items: group.drafts
            )
        }
    }

    private mutating func reportErrors(_ drafts: [Draft], _ headings: [Heading], _ table: TaskTable) {
        for heading in headings {
            guard let error = heading.values.error else { continue }
            problems.append(
                Diagnostic(line: heading.line, column: heading.valuesColumn, severity: .error, message: error)
            )
        }
        for (index, draft) in drafts.enumerated() {
            switch draft.source {
            case .story where draft.criteria.isEmpty:
                let message =
                    "this item has no boxes, so it can never be ticked; write one below it as `- [ ] criterion`"
                items[index].error = items[index].error ?? message
                problems.append(Diagnostic(line: draft.line, column: 1, severity: .error, message: message))
            case .story, .task: break
            }
        }
    }

    /// `**Priority:** 1` and `**Depends on:** US-001` in the paragraphs of a story.
    private mutating func readStoryLines(_ drafts: inout [Draft], _ headings: [Heading]) {
        for index in drafts.indices {
            guard case .story(let number) = drafts[index].source else { continue }
            let heading = headings[number]
            var at = tree.blocks[heading.block].subtreeEnd
            while at < tree.blocks.count, tree.blocks[at].line <= heading.sectionEnd {
                let block = tree.blocks[at]
                at = block.kind == .task || block.kind == .quote ? block.subtreeEnd : at + 1
                guard block.kind == .paragraph else { continue }
                for line in block.line...block.endLine {
                    let start = line == block.line ? block.column - 1 : 0
                    let content = text.content(ofLine: line)
                    let range = text.trimmed(
                        min(content.lowerBound + start, content.upperBound)..<content.upperBound
                    )
                    guard !range.isEmpty, "*_-".utf8.contains(text.bytes[range.lowerBound]) else { continue }
                    apply(StoryLines.read(text.string(range)), line: line, to: &drafts[index])
                }
            }
        }
    }

    private mutating func apply(_ finding: StoryLines.Finding?, line: Int, to draft: inout Draft) {
        guard let finding else { return }
        draft.attributeLines.insert(line)
        switch finding {
        case .priority(let number): draft.defaults.attributes.priority = number
        case .after(let names): draft.defaults.attributes.after += names
        case .unclear(let message):
            problems.append(Diagnostic(line: line, column: 1, severity: .warning, message: message))
        }
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
