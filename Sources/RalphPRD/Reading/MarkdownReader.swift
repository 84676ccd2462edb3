private import CCmarkGFM

/// Reads Markdown with cmark-gfm and its task-list extension into a `BlockTree`.
struct MarkdownReader {
    private let text: SourceText
    /// Lines of front matter, which cmark does not see.
    private let skippedLines: Int
    private var tree = BlockTree()

    static let isReady: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    /// Reads what follows the given number of lines.
    static func read(_ text: SourceText, skippingLines skippedLines: Int) -> BlockTree {
        guard isReady, let parser = cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, ralph_arena_begin()) else {
            return BlockTree()
        }
        // Parser and tree are all in the arena.
        defer { ralph_arena_end() }
        if let tasks = cmark_find_syntax_extension("tasklist") {
            cmark_parser_attach_syntax_extension(parser, tasks)
        }
        let start = text.lineStarts[min(skippedLines, text.lineStarts.count - 1)]
        text.bytes.withUnsafeBufferPointer { buffer in
            let rest = UnsafeBufferPointer(rebasing: buffer[start...])
            rest.withMemoryRebound(to: CChar.self) { characters in
                guard let base = characters.baseAddress else { return }
                cmark_parser_feed(parser, base, characters.count)
            }
        }
        guard let root = cmark_parser_finish(parser) else { return BlockTree() }
        var reader = MarkdownReader(text: text, skippedLines: skippedLines)
        reader.walk(root)
        reader.boundEndLines()
        return reader.tree
    }

    private init(text: SourceText, skippedLines: Int) {
        self.text = text
        self.skippedLines = skippedLines
        tree.blocks.reserveCapacity(text.lineCount)
    }

    /// Without recursion: a document can nest as deep as it is long.
    private mutating func walk(_ root: OpaquePointer) {
        var node = cmark_node_first_child(root)
        var parent = -1
        while let current = node {
            let index = tree.blocks.count
            let isContainer = append(current, parent: parent)
            if isContainer, let child = cmark_node_first_child(current) {
                parent = index
                node = child
                continue
            }
            var last = current
            node = cmark_node_next(last)
            while node == nil, parent >= 0, let above = cmark_node_parent(last) {
                tree.blocks[parent].subtreeEnd = tree.blocks.count
                parent = tree.blocks[parent].parent
                last = above
                node = cmark_node_next(last)
            }
        }
    }

    /// Adds a block; says whether there are blocks (and not inlines) in it.
    private mutating func append(_ node: OpaquePointer, parent: Int) -> Bool {
        let kind = Self.kind(of: node)
        let line = Int(cmark_node_get_start_line(node)) + skippedLines
        let index = tree.blocks.count
        if kind == .paragraph || kind == .heading { notePlainText(node, kind, line: line, parent: parent) }
        let endLine = Int(cmark_node_get_end_line(node)) + skippedLines
        if kind == .paragraph, line == endLine, parent >= 0, tree.blocks[parent].kind == .task {
            return false
        }
        tree.blocks.append(
            Block(
                kind: kind,
                level: kind == .heading ? Int8(truncatingIfNeeded: cmark_node_get_heading_level(node)) : 0,
                isInQuote: kind == .quote || (parent >= 0 && tree.blocks[parent].isInQuote),
                line: line,
                column: Int(cmark_node_get_start_column(node)),
                endLine: endLine,
                parent: parent,
                subtreeEnd: index + 1
            )
        )
        switch kind {
        case .task, .item, .list, .quote: return true
        case .heading, .paragraph, .code, .html, .other: return false
        }
    }

    private static func kind(of node: OpaquePointer) -> Block.Kind {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HEADING: return .heading
        case CMARK_NODE_ITEM:
            // "item" or "tasklist"
            guard let name = cmark_node_get_type_string(node) else { return .item }
            return name[0] == CChar(bitPattern: UInt8(ascii: "t")) ? .task : .item
        case CMARK_NODE_LIST: return .list
        case CMARK_NODE_PARAGRAPH: return .paragraph
        case CMARK_NODE_CODE_BLOCK: return .code
        case CMARK_NODE_HTML_BLOCK: return .html
        case CMARK_NODE_BLOCK_QUOTE: return .quote
        default: return .other
        }
    }

    /// Braces at the end of a first line may be attributes: writes down where that line is plain text.
    private mutating func notePlainText(_ node: OpaquePointer, _ kind: Block.Kind, line: Int, parent: Int) {
        var holder = tree.blocks.count
        if kind == .paragraph || parent >= 0 {
            guard parent >= 0, parent == tree.blocks.count - 1, tree.blocks[parent].line == line else {
                return
            }
            holder = parent
        }
        let content = text.content(ofLine: line)
        guard text.mayEndInBraces(content) else { return }
        var ranges: [Range<Int>] = []
        var child = cmark_node_first_child(node)
        while let inline = child {
            let type = cmark_node_get_type(inline)
            if type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK { break }
            let start = content.lowerBound + Int(cmark_node_get_start_column(inline)) - 1
            let end = content.lowerBound + Int(cmark_node_get_end_column(inline))
            if type == CMARK_NODE_TEXT, Int(cmark_node_get_start_line(inline)) + skippedLines == line,
                start >= content.lowerBound, start <= end, end <= content.upperBound
            {
                ranges.append(start..<end)
            }
            child = cmark_node_next(inline)
        }
        tree.plainText[holder] = ranges
    }

    /// cmark ends a block where it noticed its end, which can be a line too late: no block reaches into the next.
    private mutating func boundEndLines() {
        let count = tree.blocks.count
        for index in 0..<count {
            let line = tree.blocks[index].line
            var end = min(max(tree.blocks[index].endLine, line), text.lineCount)
            let next = tree.blocks[index].subtreeEnd
            if next < count { end = min(end, tree.blocks[next].line - 1) }
            while end > line, text.isBlank(line: end) { end -= 1 }
            tree.blocks[index].endLine = max(end, line)
        }
    }
}
