private import CCmarkGFM

extension MarkdownReader {
    /// Reads and forgets: what the library alone costs, for the figures.
    static func parseAlone(_ bytes: [UInt8]) {
        guard isReady, let parser = cmark_parser_new(CMARK_OPT_SOURCEPOS) else { return }
        defer { cmark_parser_free(parser) }
        if let tasks = cmark_find_syntax_extension("tasklist") {
            cmark_parser_attach_syntax_extension(parser, tasks)
        }
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                if let base = characters.baseAddress { cmark_parser_feed(parser, base, characters.count) }
            }
        }
        cmark_node_free(cmark_parser_finish(parser))
    }
}
