import RalphCore

/// Cuts titles, descriptions and criteria out of the source.
struct ItemBuilder {
    let text: SourceText
    let headings: [Heading]
    let table: TaskTable

    /// The item of a draft, still without its key.
    func item(_ draft: Draft) -> Item {
        let criteria = draft.criteria.map(criterion)
        var item = Item(
            key: "",
            explicitID: draft.explicitID,
            title: draft.title,
            section: draft.section,
            line: draft.line,
            criteria: criteria,
            attributes: draft.defaults.attributes,
            error: draft.defaults.error
        )
        switch draft.source {
        case .task(let index):
            let task = table.tasks[index]
            item.boxOffset = task.box.offset
            item.isTicked = task.box.isTicked
            item.details = details(of: task)
        case .story(let index):
            item.isTicked = !criteria.isEmpty && criteria.allSatisfy(\.isTicked)
            item.details = details(ofStory: draft, headings[index])
        }
        return item
    }

    private func criterion(_ index: Int) -> Criterion {
        let task = table.tasks[index]
        var words = text.string(task.title)
        let more = details(of: task)
        if !more.isEmpty { words += "\n" + more }
        return Criterion(
            text: words,
            line: task.line,
            boxOffset: task.box.offset,
            isTicked: task.box.isTicked
        )
    }

    /// What stands in a task besides its first line and the tasks in it.
    private func details(of task: TaskNode) -> String {
        guard task.endLine > task.line else { return "" }
        var lines: [Int] = []
        var next = task.line + 1
        var child = task.firstChild
        while child >= 0 {
            let inner = table.tasks[child]
            if inner.line > next { lines += next..<inner.line }
            next = max(next, inner.endLine + 1)
            child = inner.nextSibling
        }
        if next <= task.endLine { lines += next...task.endLine }
        return dedented(lines, by: indent(of: task))
    }

    private func details(ofStory draft: Draft, _ heading: Heading) -> String {
        var lines: [Int] = []
        var next = heading.endLine + 1
        for part in draft.parts {
            let task = table.tasks[part]
            if task.line > next { lines += next..<task.line }
            next = max(next, task.endLine + 1)
        }
        if next <= heading.sectionEnd { lines += next...heading.sectionEnd }
        return dedented(lines.filter { !draft.attributeLines.contains($0) }, by: 0)
    }

    /// Columns up to where the text of a task's list item begins.
    private func indent(of task: TaskNode) -> Int {
        columns(text.start(ofLine: task.line)..<task.box.offset - 1)
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
