import RalphCore

/// A box in the document and what it is for.
struct TaskNode: Sendable {
    enum Role: Equatable, Sendable {
        case item
        /// Of the item at an index of `TaskTable.drafts`.
        case criterion(of: Int)
        /// `split`: the boxes in it are the items.
        case group
    }

    var line: Int
    var endLine: Int
    var box: Box
    var role: Role
    /// Title, trimmed, without attributes.
    var title: Range<Int>
    /// Where the marker stands.
    var marker: Int
    /// The tasks directly in this one.
    var firstChild = -1
    var lastChild = -1
    var nextSibling = -1
    /// Of a group: what holds for the items in it.
    var defaults = Defaults()
    var section: [String] = []
    var attributes: AttributeTokens?
}

/// An item before its text is cut out.
struct Draft: Sendable {
    enum Source: Equatable, Sendable { case task(Int), story(heading: Int) }

    var source: Source
    var line: Int
    var column: Int
    var title: String
    var section: [String]
    var explicitID: String?
    /// Another name that `after` may use.
    var alias: String?
    var defaults: Defaults
    /// How many of the names in `after` come from around the item.
    var inheritedAfter: Int
    /// All tasks under the item, at any depth.
    var criteria: [Int] = []
    /// Of a story: the tasks directly in it.
    var parts: [Int] = []
    /// Lines of a story that are attributes.
    var attributeLines: Set<Int> = []
}

/// Decides for every box of a document whether it is an item, a criterion or a group.
struct TaskTable: Sendable {
    private(set) var tasks: [TaskNode] = []
    private(set) var drafts: [Draft] = []
    private(set) var problems: [Diagnostic] = []
    /// Inner before outer.
    private(set) var groups: [Group] = []

    /// A `split` task and the drafts in it.
    struct Group: Sendable {
        var task: Int
        var id: String?
        var drafts: Range<Int>
    }

    private let text: SourceText
    private let tree: BlockTree
    private let headings: [Heading]
    /// Task that a block is in, by block index; -1 for none.
    private var owner: [Int32]
    private var heading = -1
    /// The draft of the story that the pass is in.
    private var story = -1
    private var openGroups: [(group: Group, end: Int)] = []

    init(_ tree: BlockTree, _ text: SourceText, _ headings: [Heading]) {
        self.tree = tree
        self.text = text
        self.headings = headings
        owner = Array(repeating: -1, count: tree.blocks.count)
        var nextHeading = 0
        for index in tree.blocks.indices {
            closeGroups(before: index)
            if nextHeading < headings.count, headings[nextHeading].block == index {
                enter(nextHeading)
                nextHeading += 1
            }
            let parent = tree.blocks[index].parent
            let around = parent >= 0 ? owner[parent] : -1
            owner[index] = around
            if tree.blocks[index].kind == .task, !tree.blocks[index].isInQuote {
                add(index, in: Int(around))
            }
        }
        closeGroups(before: tree.blocks.count)
    }

    private mutating func closeGroups(before block: Int) {
        while let group = openGroups.last, group.end <= block {
            groups.append(
                Group(
                    task: group.group.task,
                    id: group.group.id,
                    drafts: group.group.drafts.lowerBound..<drafts.count
                )
            )
            openGroups.removeLast()
        }
    }

    private mutating func enter(_ index: Int) {
        heading = index
        if story >= 0, case .story(let outer) = drafts[story].source,
            headings[index].line <= headings[outer].sectionEnd
        {
            return
        }
        story = -1
        let heading = headings[index]
        guard heading.isItem else { return }
        story = drafts.count
        drafts.append(
            Draft(
                source: .story(heading: index),
                line: heading.line,
                column: 1,
                title: heading.story?.title ?? heading.text,
                section: heading.path.dropLast(),
                explicitID: heading.values.id ?? heading.story?.id,
                alias: heading.story?.id,
                defaults: heading.defaults,
                inheritedAfter: heading.defaults.attributes.after.count - heading.values.after.count
            )
        )
    }

    private mutating func add(_ index: Int, in owner: Int) {
        let block = tree.blocks[index]
        let marker = text.start(ofLine: block.line) + block.column - 1
        guard let box = Box.find(at: marker, onLine: block.line, in: text) else {
            warn(
                block,
                "cmark-gfm takes this list item for a task, but no box stands here; write `- [ ] ` before the task"
            )
            return
        }
        var title = box.text
        let attributes = tree.plainText[index].flatMap {
            AttributeTokens.atEnd(of: title, in: text, plainText: $0)
        }
        if let attributes { title = text.trimmed(title.lowerBound..<attributes.range.lowerBound) }
        guard !title.isEmpty else {
            warn(
                block,
                "a box without text is no item; write behind it, on the same line, what is to be done"
            )
            return
        }
        let task = tasks.count
        tasks.append(
            TaskNode(
                line: block.line,
                endLine: block.endLine,
                box: box,
                role: .item,
                title: title,
                marker: marker,
                attributes: attributes
            )
        )
        self.owner[index] = Int32(truncatingIfNeeded: task)
        link(task, to: owner)
        assignRole(task, owner: owner, subtreeEnd: block.subtreeEnd)
    }

    private mutating func warn(_ block: Block, _ message: String) {
        problems.append(
            Diagnostic(line: block.line, column: block.column, severity: .warning, message: message)
        )
    }

    private mutating func link(_ task: Int, to owner: Int) {
        guard owner >= 0 else { return }
        if tasks[owner].lastChild >= 0 { tasks[tasks[owner].lastChild].nextSibling = task }
        tasks[owner].lastChild = task
        if tasks[owner].firstChild < 0 { tasks[owner].firstChild = task }
    }

    private mutating func assignRole(_ task: Int, owner: Int, subtreeEnd: Int) {
        if owner >= 0, case .criterion(let draft) = tasks[owner].role { return addCriterion(task, to: draft) }
        if owner >= 0, tasks[owner].role == .item, let draft = drafts.indices.last {
            return addCriterion(task, to: draft)
        }
        if owner < 0, story >= 0 {
            drafts[story].parts.append(task)
            return addCriterion(task, to: story)
        }
        let values = tasks[task].attributes.map(AttributeValues.init)
        var defaults = heading >= 0 ? headings[heading].defaults : Defaults()
        var section = heading >= 0 ? headings[heading].path : []
        if owner >= 0 { (defaults, section) = (tasks[owner].defaults, tasks[owner].section) }
        let inheritedAfter = defaults.attributes.after.count
        if let values {
            defaults = defaults.applying(values)
            report(values, of: task)
        }
        if let values, values.isSplit {
            tasks[task].role = .group
            tasks[task].defaults = defaults
            tasks[task].section = section + [text.string(tasks[task].title)]
            openGroups.append(
                (Group(task: task, id: values.id, drafts: drafts.count..<drafts.count), subtreeEnd)
            )
            return
        }
        drafts.append(
            Draft(
                source: .task(task),
                line: tasks[task].line,
                column: tasks[task].marker - text.start(ofLine: tasks[task].line) + 1,
                title: text.string(tasks[task].title),
                section: section,
                explicitID: values?.id,
                defaults: defaults,
                inheritedAfter: inheritedAfter
            )
        )
    }

    private mutating func report(_ values: AttributeValues, of task: Int) {
        guard let error = values.error, let attributes = tasks[task].attributes else { return }
        let column = attributes.range.lowerBound - text.start(ofLine: tasks[task].line) + 1
        problems.append(Diagnostic(line: tasks[task].line, column: column, severity: .error, message: error))
    }

    private mutating func addCriterion(_ task: Int, to draft: Int) {
        tasks[task].role = .criterion(of: draft)
        drafts[draft].criteria.append(task)
        guard let attributes = tasks[task].attributes else { return }
        tasks[task].title = text.trimmed(tasks[task].title.lowerBound..<attributes.range.upperBound)
        problems.append(
            Diagnostic(
                line: tasks[task].line,
                column: attributes.range.lowerBound - text.start(ofLine: tasks[task].line) + 1,
                severity: .warning,
                message:
                    "attributes on a criterion do nothing; put them on its item, or `split` there to make it an item"
            )
        )
    }
}
