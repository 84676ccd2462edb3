import CMarkdown

/// A block of the Markdown tree, as much of it as the grammar needs. Lines and columns are the document's own.
typealias Block = ralph_block

extension ralph_block {
    enum Kind: UInt8, Sendable {
        case heading
        /// A list item that cmark-gfm's task-list extension takes for a task.
        case task
        /// Any other list item.
        case item
        case list, paragraph, code, html, quote, other
    }

    var type: Kind { Kind(rawValue: kind) ?? .other }
    var isTask: Bool { kind == Kind.task.rawValue && is_in_quote == 0 }
    var isInQuote: Bool { is_in_quote != 0 }
    /// Of a heading, 1 to 6.
    var headingLevel: Int { Int(level) }
    var startLine: Int { Int(line) }
    var startColumn: Int { Int(column) }
    var endLine: Int { Int(end_line) }
    /// Index of the block around it; -1 for what stands in the document itself.
    var around: Int { Int(parent) }
    /// Index of the first block behind it that is not in it.
    var subtreeEnd: Int { Int(subtree_end) }
}

/// The blocks of a document in document order, parents before what is in them. A paragraph that is all on the line of its
/// task's box is left out: it is the task's title.
struct BlockTree: Sendable {
    let blocks: [Block]
    private let plains: [ralph_plain]

    init(_ tree: ralph_tree) {
        blocks = Array(UnsafeBufferPointer(start: tree.blocks, count: tree.block_count))
        plains = Array(UnsafeBufferPointer(start: tree.plains, count: tree.plain_count))
    }

    /// For a block (task, item, heading) whose first line ends with a brace: the byte ranges on that line which are plain
    /// text, outside code, links and HTML. Nil for all others.
    func plainText(of index: Int) -> [Range<Int>]? {
        let block = blocks[index]
        guard block.first_plain >= 0 else { return nil }
        return plains[Int(block.first_plain)..<Int(block.first_plain + block.plain_count)].map {
            Int($0.start)..<Int($0.end)
        }
    }
}
