import CMarkdown

/// Reads Markdown with cmark-gfm and its task-list extension into a `BlockTree`.
enum MarkdownReader {
    /// Enough that the calls do not count, and little enough to stay in the processor's caches.
    static let usualPiece = 32 << 10

    /// Reads what follows the given number of lines.
    /// - Parameter piece: how much the library reads at once; 0 for all, with inlines.
    static func read(_ text: SourceText, skippingLines skippedLines: Int, piece: Int = usualPiece)
        -> BlockTree
    {
        text.bytes.withUnsafeBufferPointer { bytes in
            text.lineStarts.withUnsafeBufferPointer { starts in
                let tree = ralph_tree_read(
                    bytes.baseAddress,
                    starts.baseAddress,
                    text.lineCount,
                    skippedLines,
                    piece
                )
                defer { ralph_tree_free(tree) }
                return BlockTree(tree)
            }
        }
    }

    /// What the library alone takes: reads and forgets.
    static func readAlone(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { ralph_cmark_alone($0.baseAddress, $0.count) }
    }
}
