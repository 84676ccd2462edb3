extension Text {
    /// Text broken at spaces so that no line exceeds `width` columns; a word that is longer alone is cut into pieces.
    /// Line breaks in the text stay.
    static func wrapped(_ text: String, to width: Int, _ style: Style = .plain) -> [Text] {
        InertText.block(text).split(separator: "\n", omittingEmptySubsequences: true).flatMap { line in
            wrappedLine(String(line).replacing("\t", with: " "), to: max(width, 1)).map { Text($0, style) }
        }
    }

    private static func wrappedLine(_ line: String, to width: Int) -> [String] {
        if DisplayWidth.of(line) <= width { return [line] }
        let indent = String(line.prefix { $0 == " " }.prefix(width / 2))
        var lines: [String] = []
        var current = indent
        for word in line.split(separator: " ") {
            let isBlank = current.count == indent.count
            let needed = DisplayWidth.of(current) + (isBlank ? 0 : 1) + DisplayWidth.of(String(word))
            if needed <= width {
                current += (isBlank ? "" : " ") + word
                continue
            }
            if !isBlank { lines.append(current) }
            current = indent
            for character in word {
                if DisplayWidth.of(current) + DisplayWidth.of(character) > width {
                    lines.append(current)
                    current = indent
                }
                current.append(character)
            }
        }
        return current.count > indent.count ? lines + [current] : lines
    }
}
