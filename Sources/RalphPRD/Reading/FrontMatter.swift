/// Where the front matter of a document is: between a first line `---` and the next line `---` or `...`.
struct FrontMatter: Equatable, Sendable {
    enum Finding: Equatable, Sendable { case none, found(FrontMatter), unclosed }

    /// With both fences.
    var range: Range<Int>
    /// Between the fences.
    var yaml: Range<Int>
    /// Number of lines, fences included.
    var lineCount: Int

    static func find(in text: SourceText) -> Finding {
        guard isFence(text, line: 1, dot: false) else { return .none }
        var line = 2
        while line <= text.lineCount {
            if isFence(text, line: line, dot: true) {
                let end = text.lineStarts[line]
                return .found(
                    FrontMatter(
                        range: text.start(ofLine: 1)..<end,
                        yaml: text.start(ofLine: 2)..<text.start(ofLine: line),
                        lineCount: line
                    )
                )
            }
            line += 1
        }
        return .unclosed
    }

    private static func isFence(_ text: SourceText, line: Int, dot: Bool) -> Bool {
        var range = text.content(ofLine: line)
        while let last = range.last, Byte.isBlank(text.bytes[last]) { range = range.lowerBound..<last }
        guard range.count == 3 else { return false }
        let bytes = text.bytes[range]
        return bytes.elementsEqual("---".utf8) || (dot && bytes.elementsEqual("...".utf8))
    }
}
