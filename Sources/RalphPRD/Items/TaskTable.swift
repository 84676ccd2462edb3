import RalphCore

/// A box in the document and what it is for.
struct TaskNode: Sendable {
    enum Role: Equatable, Sendable {
        case item
        /// Of the item at an index of `TaskTable.drafts`.
        case criterion(of: Int)
        /// `split`: the boxes in it are the items, in this scope.
        case group(scope: Int)
    }

    var line: Int
    var endLine: Int
    var boxOffset: Int
    var isTicked: Bool
    var role = Role.item
    /// Trimmed, without attributes.
    var title: Range<Int>
    /// Index in `TaskTable.values`; -1 without attributes.
    var values = -1
}

/// An item before its text is cut out.
struct Draft: Sendable {
    enum Source: Equatable, Sendable { case task(Int), story(heading: Int) }

    var source: Source
    var line: Int
    var column: Int
    /// What it stands in.
    var scope: Int
    /// All tasks under the item, at any depth.
    var criteria: Range<Int>
}

/// What a heading or a `split` task gives to the items in it.
struct Scope: Sendable {
    var path: [String] = []
    var defaults = Defaults()
}

/// Decides for every box of a document whether it is an item, a criterion or a group.
struct TaskTable: Sendable {
    /// A `split` task and the drafts in it.
    struct Group: Sendable {
        var task: Int
        var id: String?
        var drafts: Range<Int>
    }

    /// In document order, outer before inner.
    private(set) var tasks: [TaskNode] = []
    private(set) var drafts: [Draft] = []
    private(set) var values: [AttributeValues] = []
    /// The document's own, then that of each heading, then those of `split` tasks.
    private(set) var scopes: [Scope]
    private(set) var problems: [Diagnostic] = []
    /// Inner before outer.
    private(set) var groups: [Group] = []

    private let text: SourceText
    private let tree: BlockTree
    private let headings: [Heading]
    /// Task that a block is in, by block index; -1 for none.
    private var owner: [Int32]
    private var heading = -1
    /// The draft of the story that the pass is in, and the last line of its section.
    private var story = -1
    private var storyEnd = 0
    private var openGroups: [(group: Group, end: Int)] = []

    init(_ tree: BlockTree, _ text: SourceText, _ headings: [Heading]) {
        self.tree = tree
        self.text = text
        self.headings = headings
        scopes = [Scope()] + headings.map { Scope(path: $0.path, defaults: $0.defaults) }
        owner = Array(repeating: -1, count: tree.blocks.count)
        tasks.reserveCapacity(tree.blocks.count / 2)
        drafts.reserveCapacity(tree.blocks.count / 2)
        var nextHeading = 0
        for index in 0..<tree.blocks.count {
            if let group = openGroups.last, group.end <= index { closeGroups(before: index) }
            if nextHeading < headings.count, headings[nextHeading].block == index {
                enter(nextHeading)
                nextHeading += 1
            }
            let parent = tree.blocks[index].around
            let around = parent >= 0 ? owner[parent] : -1
            owner[index] = around
            if tree.blocks[index].isTask {
                add(index, in: Int(around))
            }
        }
        closeGroups(before: tree.blocks.count)
    }

    private mutating func closeGroups(before block: Int) {
        while let open = openGroups.last, open.end <= block {
            var group = open.group
            if group.task == tasks.count - 1 { warnOfNothing(in: group) }
            group.drafts = group.drafts.lowerBound..<drafts.count
            groups.append(group)
            openGroups.removeLast()
        }
    }

    private mutating func warnOfNothing(in group: Group) {
        let task = tasks[group.task]
        let start = text.start(ofLine: task.line)
        let offset = values[task.values].offset(of: .split, in: text) ?? start
        let message =
            "no item: `split` makes items of the boxes in this task, and it has none; write some or leave out `split`"
        warn(task.line, offset - start + 1, message)
    }

    private mutating func enter(_ index: Int) {
        heading = index
        if story >= 0, headings[index].line <= storyEnd { return }
        story = -1
        guard headings[index].isItem else { return }
        story = drafts.count
        storyEnd = headings[index].sectionEnd
        drafts.append(
            Draft(
                source: .story(heading: index),
                line: headings[index].line,
                column: 1,
                scope: headings[index].parent + 1,
                criteria: tasks.count..<tasks.count
            )
        )
    }

    private mutating func add(_ index: Int, in owner: Int) {
        let block = tree.blocks[index]
        let marker = text.start(ofLine: block.startLine) + block.startColumn - 1
        guard let box = Box.find(at: marker, onLine: block.startLine, in: text) else {
            let message =
                "cmark-gfm takes this list item for a task, but no box stands here; write `- [ ] ` before the task"
            return warn(block.startLine, block.startColumn, message)
        }
        var task = TaskNode(
            line: block.startLine,
            endLine: block.endLine,
            boxOffset: box.offset,
            isTicked: box.isTicked,
            title: box.text
        )
        if let plainText = tree.plainText(of: index),
            let attributes = AttributeTokens.atEnd(of: box.text, in: text, plainText: plainText)
        {
            task.title = text.trimmed(box.text.lowerBound..<attributes.range.lowerBound)
            task.values = values.count
            values.append(AttributeValues(attributes))
        }
        guard !task.title.isEmpty else {
            let message =
                "a box without text is no item; write behind it, on the same line, what is to be done"
            return warn(block.startLine, block.startColumn, message)
        }
        self.owner[index] = Int32(truncatingIfNeeded: tasks.count)
        tasks.append(task)
        assignRole(tasks.count - 1, in: block, owner: owner)
    }

    private mutating func warn(_ line: Int, _ column: Int, _ message: String) {
        problems.append(Diagnostic(line: line, column: column, severity: .warning, message: message))
    }

    private mutating func assignRole(_ task: Int, in block: Block, owner: Int) {
        var scope = heading + 1
        if owner >= 0 {
            switch tasks[owner].role {
            case .criterion(let draft): return addCriterion(task, to: draft)
            case .item: return addCriterion(task, to: drafts.count - 1)
            case .group(let inner): scope = inner
            }
        } else if story >= 0 {
            return addCriterion(task, to: story)
        }
        if tasks[task].values >= 0 {
            let own = values[tasks[task].values]
            report(own, of: task)
            if own.isSplit { return addGroup(task, own, scope: scope, end: block.subtreeEnd) }
        }
        drafts.append(
            Draft(
                source: .task(task),
                line: block.startLine,
                column: block.startColumn,
                scope: scope,
                criteria: task + 1..<task + 1
            )
        )
    }

    private mutating func addGroup(_ task: Int, _ own: AttributeValues, scope: Int, end: Int) {
        tasks[task].role = .group(scope: scopes.count)
        scopes.append(
            Scope(
                path: scopes[scope].path + [text.string(tasks[task].title)],
                defaults: scopes[scope].defaults.applying(own)
            )
        )
        openGroups.append((Group(task: task, id: own.id, drafts: drafts.count..<drafts.count), end))
    }

    private mutating func report(_ own: AttributeValues, of task: Int) {
        guard own.error != nil else { return }
        problems += own.diagnostics(onLine: tasks[task].line, in: text)
    }

    /// All tasks of an item follow one another.
    private mutating func addCriterion(_ task: Int, to draft: Int) {
        tasks[task].role = .criterion(of: draft)
        drafts[draft].criteria = drafts[draft].criteria.lowerBound..<task + 1
        guard tasks[task].values >= 0 else { return }
        let own = values[tasks[task].values]
        tasks[task].title = tasks[task].title.lowerBound..<own.end
        let line = tasks[task].line
        let message =
            "attributes on a criterion do nothing; put them on its item, or `split` there to make it an item"
        warn(line, own.offset - text.start(ofLine: line) + 1, message)
    }
}
