/// A block of the Markdown tree, as much of it as the grammar needs. Lines and columns are the document's own.
///
/// Large documents have hundreds of thousands of them, so they are kept small.
struct Block: Sendable {
    enum Kind: UInt8, Sendable {
        case heading
        /// A list item that cmark-gfm's task-list extension takes for a task.
        case task
        /// Any other list item.
        case item
        case list, paragraph, code, html, quote, other
    }

    let kind: Kind
    /// Of a heading, 1 to 6.
    let level: Int8
    let isInQuote: Bool
    private let storedLine: Int32
    private let storedColumn: Int32
    private var storedEndLine: Int32
    private let storedParent: Int32
    private var storedSubtreeEnd: Int32

    init(
        kind: Kind,
        level: Int8 = 0,
        isInQuote: Bool = false,
        line: Int,
        column: Int,
        endLine: Int,
        parent: Int,
        subtreeEnd: Int
    ) {
        self.kind = kind
        self.level = level
        self.isInQuote = isInQuote
        storedLine = Int32(truncatingIfNeeded: line)
        storedColumn = Int32(truncatingIfNeeded: column)
        storedEndLine = Int32(truncatingIfNeeded: endLine)
        storedParent = Int32(truncatingIfNeeded: parent)
        storedSubtreeEnd = Int32(truncatingIfNeeded: subtreeEnd)
    }

    var line: Int { Int(storedLine) }
    var column: Int { Int(storedColumn) }
    /// Last line; the bound by the next block is applied, as cmark's own figure may lie behind it.
    var endLine: Int {
        get { Int(storedEndLine) }
        set { storedEndLine = Int32(truncatingIfNeeded: newValue) }
    }
    /// Index of the block around it; -1 for what stands in the document itself.
    var parent: Int { Int(storedParent) }
    /// Index of the first block behind it that is not in it.
    var subtreeEnd: Int {
        get { Int(storedSubtreeEnd) }
        set { storedSubtreeEnd = Int32(truncatingIfNeeded: newValue) }
    }
}

/// The blocks of a document in document order, parents before what is in them. Paragraphs of one line in a task are
/// left out: they are the task's title.
struct BlockTree: Sendable {
    var blocks: [Block] = []
    /// For the blocks (tasks, items, headings) whose first line ends with a brace: the byte ranges on that line which
    /// are plain text, outside code, links and HTML.
    var plainText: [Int: [Range<Int>]] = [:]
}
