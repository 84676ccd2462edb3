/// Finds a merge that git left for a person to finish: the lines `<<<<<<< `, `=======` and `>>>>>>> `, in this order, as
/// `git stash pop` and `git merge` write them. Read as an edit, every item of both sides would be there twice.
struct ConflictMarkers {
    private let text: SourceText
    /// Line of the last `<<<<<<< ` that has no end yet.
    private var begin: Int?
    private var hasMiddle = false

    /// The line on which the first one begins; nil when there is none outside fenced code.
    static func firstLine(in text: SourceText) -> Int? {
        var search = ConflictMarkers(text)
        return search.firstLine()
    }

    private init(_ text: SourceText) { self.text = text }

    private mutating func firstLine() -> Int? {
        var code: FencedCode?
        for line in 1...text.lineCount {
            // Most lines begin with something else, and are not looked at any further.
            let start = text.lineStarts[line - 1]
            guard start < text.bytes.count, begin != nil || text.bytes[start] == Self.less,
                let conflict = conflict(endingOn: line)
            else { continue }
            let known = code ?? FencedCode(text)
            code = known
            if !known.holds(conflict) { return conflict.lowerBound }
        }
        return nil
    }

    private mutating func conflict(endingOn line: Int) -> ClosedRange<Int>? {
        let content = text.content(ofLine: line)
        if isMarker(Self.less, content) {
            begin = line
            hasMiddle = false
        } else if begin != nil, isMarker(Self.equals, content) {
            hasMiddle = true
        } else if let first = begin, hasMiddle, isMarker(Self.greater, content) {
            begin = nil
            return first...line
        }
        return nil
    }

    /// So many of them make a marker.
    private static let length = 7
    private static let less = UInt8(ascii: "<")
    private static let equals = UInt8(ascii: "=")
    private static let greater = UInt8(ascii: ">")

    private func isMarker(_ byte: UInt8, _ content: Range<Int>) -> Bool {
        guard content.count >= Self.length,
            text.bytes[content.prefix(Self.length)].allSatisfy({ $0 == byte })
        else { return false }
        return content.count == Self.length || text.bytes[content.lowerBound + Self.length] == Byte.space
    }
}

/// The fenced code of a document, where a conflict may be shown.
private struct FencedCode {
    /// In document order; none is in another.
    private let blocks: [ClosedRange<Int>]

    init(_ text: SourceText) {
        var skipped = 0
        if case .found(let matter) = FrontMatter.find(in: text) { skipped = matter.lineCount }
        blocks = MarkdownReader.read(text, skippingLines: skipped).blocks
            .filter { $0.type == .code && $0.startLine <= $0.endLine }
            .map { $0.startLine...$0.endLine }
    }

    /// Whether all of these lines are inside one block: a conflict that goes beyond it is a real one.
    func holds(_ lines: ClosedRange<Int>) -> Bool {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].lowerBound < lines.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low > 0 && lines.upperBound <= blocks[low - 1].upperBound
    }
}
