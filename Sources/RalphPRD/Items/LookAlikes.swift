import RalphCore

/// Finds what looks like a box to a person but is none to GitHub, and says what to write instead.
struct LookAlikes {
    let text: SourceText
    let tree: BlockTree
    private var problems: [Diagnostic] = []

    static func find(in tree: BlockTree, _ text: SourceText) -> [Diagnostic] {
        var search = LookAlikes(text: text, tree: tree)
        for block in tree.blocks { search.look(at: block) }
        return search.problems
    }

    private init(text: SourceText, tree: BlockTree) {
        self.text = text
        self.tree = tree
    }

    private mutating func look(at block: Block) {
        switch block.type {
        case .item: lookAtItem(block)
        case .paragraph: lookAtParagraph(block)
        case .html: lookAtHTML(block)
        case .code: lookAtCode(block)
        case .heading: lookAtHeading(block)
        case .task, .list, .quote, .other: break
        }
    }

    private mutating func warn(line: Int, at offset: Int, _ message: String) {
        let column = offset - text.start(ofLine: line) + 1
        problems.append(Diagnostic(line: line, column: column, severity: .warning, message: message))
    }

    /// `- [-] x`, `- [ ]* x`, `- [x]x`, `- [] x`, `- [ x] x`, `- [ ]`.
    private mutating func lookAtItem(_ block: Block) {
        let content = text.content(ofLine: block.startLine)
        let marker = text.start(ofLine: block.startLine) + block.startColumn - 1
        guard let behind = Box.afterMarker(marker, content, text.bytes) else { return }
        let rest = text.trimmed(behind..<content.upperBound)
        guard rest.first.map({ text.bytes[$0] }) == Byte.openBracket,
            let hint = Self.hint(Array(text.bytes[rest].prefix(8)))
        else { return }
        warn(
            line: block.startLine,
            at: rest.lowerBound,
            block.isInQuote ? "a box in a block quote is no item; leave out the `>`" : hint
        )
    }

    private static func hint(_ bytes: [UInt8]) -> String? {
        guard let close = bytes.firstIndex(of: Byte.closeBracket) else { return nil }
        let inside = String(decoding: bytes[1..<close], as: UTF8.self)
        let next = close + 1 < bytes.count ? bytes[close + 1] : nil
        let isBox = inside == " " || inside == "x" || inside == "X"
        let core = inside.filter { $0 != " " }
        let isWide = !isBox && inside.contains(" ") && ["", "x", "X"].contains(core)
        guard isBox || isWide || inside.isEmpty || isOneSign(inside) else { return nil }
        // `[a](link)`, `[a][b]` and `[a]: link` are Markdown, `[a]b` is prose.
        if let next, "([:".utf8.contains(next) { return nil }
        if isBox {
            guard let next else {
                return "a box without text is no item; write behind it, on the same line, what is to be done"
            }
            guard Byte.isBlank(next) else { return "no item: write a space behind the box, `[\(inside)] `" }
            return
                "no item: the box has to follow directly behind the line's first list marker; write `- [\(inside)] `"
        }
        guard next.map(Byte.isBlank) ?? true else { return nil }
        let wanted = isWide ? "`[\(core.isEmpty ? " " : core)]`" : "`[ ]` for open or `[x]` for done"
        return "`[\(inside)]` is no box, so this is no item; write \(wanted)"
    }

    private static func isOneSign(_ inside: String) -> Bool {
        inside.unicodeScalars.count == 1 && !inside.allSatisfy(\.isNumber)
    }

    private static let inParagraph =
        "no item: this line goes on with the paragraph above; put an empty line before it"

    /// A task that goes on with a paragraph, and `-[ ] x`, which is no list item and so part of one. One is told of each.
    private mutating func lookAtParagraph(_ block: Block) {
        guard block.startLine <= block.endLine else { return }
        for line in block.startLine...block.endLine {
            let content = text.content(ofLine: line)
            let first =
                line == block.startLine ? content.lowerBound + block.startColumn - 1 : content.lowerBound
            let range = text.trimmed(min(first, content.upperBound)..<content.upperBound)
            if line > block.startLine, let offset = taskStart(line) {
                return warn(line: line, at: offset, Self.inParagraph)
            }
            if !block.isInQuote, let marker = markerAtBox(range) {
                let box = text.string(marker.upperBound..<marker.upperBound + 3)
                let wanted = "`\(text.string(marker)) \(box) `"
                return warn(
                    line: line,
                    at: marker.lowerBound,
                    "no item: put a space before the box; write \(wanted)"
                )
            }
        }
    }

    /// The list marker of `-[ ] x`.
    private func markerAtBox(_ line: Range<Int>) -> Range<Int>? {
        guard let behind = Box.afterMarker(line.lowerBound, line, text.bytes), behind + 2 < line.upperBound,
            text.bytes[behind] == Byte.openBracket, text.bytes[behind + 2] == Byte.closeBracket
        else { return nil }
        let state = text.bytes[behind + 1]
        guard state == Byte.space || Byte.isTicked(state) else { return nil }
        let next = behind + 3
        return next == line.upperBound || Byte.isBlank(text.bytes[next]) ? line.lowerBound..<behind : nil
    }

    /// Lines that begin like a task inside something else.
    private mutating func lookAtLines(_ lines: ClosedRange<Int>, why: String) {
        for line in lines {
            if let offset = taskStart(line) { return warn(line: line, at: offset, why) }
        }
    }

    private func taskStart(_ line: Int) -> Int? {
        let content = text.trimmed(text.content(ofLine: line))
        guard content.count >= 5, let behind = Box.afterMarker(content.lowerBound, content, text.bytes) else {
            return nil
        }
        return Box.find(at: content.lowerBound, onLine: line, in: text) != nil && behind > content.lowerBound
            ? content.lowerBound : nil
    }

    private mutating func lookAtHTML(_ block: Block) {
        let first = text.trimmed(text.content(ofLine: block.startLine))
        // What is commented out is so on purpose.
        if text.bytes[first].starts(with: "<!--".utf8) { return }
        lookAtLines(
            block.startLine...block.endLine,
            why: "no item: this line belongs to the HTML above; put an empty line before it"
        )
    }

    private mutating func lookAtCode(_ block: Block) {
        let first = text.trimmed(text.content(ofLine: block.startLine))
        if text.bytes[first].starts(with: "```".utf8) || text.bytes[first].starts(with: "~~~".utf8) { return }
        lookAtLines(
            block.startLine...block.endLine,
            why: "no item: four or more spaces make this line code; indent it less"
        )
    }

    /// A lone `-` below a line of text.
    private mutating func lookAtHeading(_ block: Block) {
        guard block.endLine > block.startLine else { return }
        let underline = text.trimmed(text.content(ofLine: block.endLine))
        guard underline.count == 1 else { return }
        let mark = text.string(underline)
        guard mark == "-" || mark == "=" else { return }
        warn(
            line: block.endLine,
            at: underline.lowerBound,
            "a lone `\(mark)` below a line makes that line a heading; put an empty line between them"
        )
    }
}
