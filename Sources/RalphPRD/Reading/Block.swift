/// A block of the Markdown tree, as much of it as the grammar needs. Lines and columns are the document's own.
struct Block: Sendable {
    enum Kind: UInt8, Sendable {
        case heading
        /// A list item that cmark-gfm's task-list extension takes for a task.
        case task
        /// Any other list item.
        case item
        case list, paragraph, code, html, quote, other
    }

    var kind: Kind
    /// Of a heading, 1 to 6.
    var level: Int8 = 0
    var line: Int
    var column: Int
    /// Last line; the bound by the next block is applied, as cmark's own figure may lie behind it.
    var endLine: Int
    /// Index of the block around it; -1 for what stands in the document itself.
    var parent: Int
    /// Index of the first block behind it that is not in it.
    var subtreeEnd: Int
    var isInQuote: Bool
}

/// The blocks of a document in document order, parents before what is in them.
struct BlockTree: Sendable {
    var blocks: [Block] = []
    /// For the blocks (tasks, items, headings) whose first line ends with a brace: the byte ranges on that line which
    /// are plain text, outside code, links and HTML.
    var plainText: [Int: [Range<Int>]] = [:]
}
