import RalphCore

/// Cuts titles, descriptions and criteria out of the source.
struct ItemBuilder {
    let text: SourceText
    let tree: BlockTree
    let headings: [Heading]
    let table: TaskTable
    private(set) var problems: [Diagnostic] = []

    init(_ text: SourceText, _ tree: BlockTree, _ headings: [Heading], _ table: TaskTable) {
        self.text = text
        self.tree = tree
        self.headings = headings
        self.table = table
    }

    /// The item of a draft, still without its key.
    mutating func item(_ draft: Draft) -> Item {
        switch draft.source {
        case .task(let index): return item(index, draft)
        case .story(let index): return story(headings[index], draft)
        }
    }

    private func item(_ index: Int, _ draft: Draft) -> Item {
        let task = table.tasks[index]
        var defaults = table.scopes[draft.scope].defaults
        var id: String?
        if task.values >= 0 {
            defaults = defaults.applying(table.values[task.values])
            id = table.values[task.values].id
        }
        return Item(
            key: "",
            explicitID: id,
            title: text.string(task.title),
            section: table.scopes[draft.scope].path,
            line: task.line,
            boxOffset: task.boxOffset,
            isTicked: task.isTicked,
            criteria: draft.criteria.isEmpty ? [] : draft.criteria.map(criterion),
            details: task.endLine > task.line ? details(ofTask: index) : "",
            attributes: defaults.attributes,
            error: defaults.error
        )
    }

    private mutating func story(_ heading: Heading, _ draft: Draft) -> Item {
        let criteria = draft.criteria.map(criterion)
        var lines = StoryLines()
        lines.read(heading, tree, text)
        problems += lines.problems
        var attributes = heading.defaults.attributes
        attributes.priority = lines.priority ?? attributes.priority
        attributes.after += lines.after
        var error = heading.defaults.error
        if criteria.isEmpty {
            let message =
                "this item has no boxes, so it can never be ticked; write one below it as `- [ ] criterion`"
            error = error ?? message
            problems.append(Diagnostic(line: heading.line, column: 1, severity: .error, message: message))
        }
        let last = heading.sectionEnd
        let rest = linesOutsideTasks(heading.endLine + 1, last, draft.criteria)
        return Item(
            key: "",
            explicitID: heading.id,
            title: heading.story?.title ?? heading.text,
            section: table.scopes[draft.scope].path,
            line: heading.line,
            isTicked: !criteria.isEmpty && criteria.allSatisfy(\.isTicked),
            criteria: criteria,
            details: dedented(rest.filter { !lines.found.contains($0) }, by: 0),
            attributes: attributes,
            error: error
        )
    }

    private func criterion(_ index: Int) -> Criterion {
        let task = table.tasks[index]
        var words = text.string(task.title)
        if task.endLine > task.line {
            let more = details(ofTask: index)
            if !more.isEmpty { words += "\n" + more }
        }
        return Criterion(text: words, line: task.line, boxOffset: task.boxOffset, isTicked: task.isTicked)
    }

    /// What stands in a task besides its first line and the tasks in it.
    private func details(ofTask index: Int) -> String {
        let task = table.tasks[index]
        var end = index + 1
        while end < table.tasks.count, table.tasks[end].line <= task.endLine { end += 1 }
        let lines = linesOutsideTasks(task.line + 1, task.endLine, index + 1..<end)
        let indent = columns(text.start(ofLine: task.line)..<task.boxOffset - 1)
        return lines.isEmpty ? "" : dedented(lines, by: indent)
    }

    /// The lines of a range that are in none of the tasks.
    private func linesOutsideTasks(_ first: Int, _ last: Int, _ tasks: Range<Int>) -> [Int] {
        var lines: [Int] = []
        var next = first
        for index in tasks where table.tasks[index].line >= next {
            lines += next..<table.tasks[index].line
            next = table.tasks[index].endLine + 1
        }
        if next <= last { lines += next...last }
        return lines
    }

    private func columns(_ range: Range<Int>) -> Int {
        var column = 0
        for at in range { column += text.bytes[at] == Byte.tab ? 4 - column % 4 : 1 }
        return column
    }

    /// The lines without their common indent (at least the given one, where it is there), without blanks at their ends.
    private func dedented(_ lines: [Int], by indent: Int) -> String {
        var ranges = lines.map { text.content(ofLine: $0) }
        while let last = ranges.last, text.trimmed(last).isEmpty { ranges.removeLast() }
        guard let first = ranges.firstIndex(where: { !text.trimmed($0).isEmpty }) else { return "" }
        ranges.removeFirst(first)
        var common = Int.max
        for range in ranges {
            let trimmed = text.trimmed(range)
            if !trimmed.isEmpty { common = min(common, columns(range.lowerBound..<trimmed.lowerBound)) }
        }
        let cut = max(indent, indent > 0 ? common : 0)
        var bytes: [UInt8] = []
        for (index, range) in ranges.enumerated() {
            if index > 0 { bytes.append(Byte.newline) }
            appendLine(range, cutting: cut, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendLine(_ range: Range<Int>, cutting cut: Int, to bytes: inout [UInt8]) {
        let trimmed = text.trimmed(range)
        guard !trimmed.isEmpty else { return }
        var at = range.lowerBound
        var column = 0
        while at < trimmed.lowerBound, column < cut {
            column += text.bytes[at] == Byte.tab ? 4 - column % 4 : 1
            at += 1
        }
        if column > cut { bytes += Array(repeating: Byte.space, count: column - cut) }
        bytes += text.bytes[at..<trimmed.upperBound]
    }
}
