/// Makes text from authors and agents inert.
package enum PlainText {
    /// Drops control characters but newline and tab, escape sequences whole, and the bidirectional overrides.
    package static func inert(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var iterator = text.unicodeScalars.makeIterator()
        while let scalar = iterator.next() {
            if scalar == "\u{1B}" {
                skipEscape(&iterator)
            } else if scalar == "\n" || scalar == "\t" || !isControl(scalar) {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// One line: newlines and tabs become spaces.
    package static func line(_ text: String) -> String {
        inert(text).split(whereSeparator: { $0.isNewline || $0 == "\t" || $0 == " " }).joined(separator: " ")
    }

    /// Without the white space around it.
    package static func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// At most this many UTF-8 bytes, cut at a character, with … where something is missing.
    package static func cut(_ text: String, bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var kept = ""
        var size = 3
        for character in text {
            size += character.utf8.count
            if size > bytes { break }
            kept.append(character)
        }
        return kept + "…"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// ECMA-48: CSI ends at a byte from @ to ~, OSC at BEL or ST, anything else after one character.
    private static func skipEscape(_ iterator: inout String.UnicodeScalarView.Iterator) {
        guard let kind = iterator.next() else { return }
        switch kind {
        case "[":
            while let next = iterator.next() {
                if (0x40...0x7E).contains(next.value) { return }
            }
        case "]", "P", "_", "^", "X":
            var last: Unicode.Scalar?
            while let next = iterator.next() {
                if next == "\u{07}" || (last == "\u{1B}" && next == "\\") { return }
                last = next
            }
        default: return
        }
    }
}
