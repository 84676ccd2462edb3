/// A check box in the source, found at a list marker.
struct Box: Equatable, Sendable {
    /// Of the byte between the brackets.
    var offset: Int
    var isTicked: Bool
    /// The rest of the line, trimmed.
    var text: Range<Int>

    /// The box directly behind the list marker at an offset; nil when the bytes there are something else.
    static func find(at marker: Int, onLine line: Int, in text: SourceText) -> Box? {
        let content = text.content(ofLine: line)
        guard content.contains(marker), var at = afterMarker(marker, content, text.bytes) else { return nil }
        let blanks = at
        while at < content.upperBound, Byte.isBlank(text.bytes[at]) { at += 1 }
        guard at > blanks, at + 2 < content.upperBound, text.bytes[at] == Byte.openBracket else { return nil }
        let state = text.bytes[at + 1]
        guard state == Byte.space || Byte.isTicked(state), text.bytes[at + 2] == Byte.closeBracket else {
            return nil
        }
        let rest = at + 3..<content.upperBound
        guard let next = rest.first, Byte.isBlank(text.bytes[next]) else { return nil }
        return Box(offset: at + 1, isTicked: Byte.isTicked(state), text: text.trimmed(rest))
    }

    /// The offset behind `-`, `+`, `*`, `1.` or `1)`.
    static func afterMarker(_ start: Int, _ content: Range<Int>, _ bytes: [UInt8]) -> Int? {
        guard content.contains(start) else { return nil }
        var at = start
        if "-+*".utf8.contains(bytes[at]) { return at + 1 }
        while at < content.upperBound, Byte.isDigit(bytes[at]) { at += 1 }
        guard at > start, at < content.upperBound, ".)".utf8.contains(bytes[at]) else { return nil }
        return at + 1
    }
}
