/// Makes text from authors and agents inert.
package enum PlainText {
    /// Drops control characters but newline and tab, escape sequences whole, and the bidirectional overrides.
    package static func inert(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var escape = Escape.none
        for scalar in text.unicodeScalars {
            if escape.takes(scalar) { continue }
            if scalar == "\n" || scalar == "\t" || !isControl(scalar) { result.append(scalar) }
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

    /// Where a reader stands in an escape sequence of ECMA-48: CSI ends at a byte from @ to ~, OSC and its kin at BEL or ST,
    /// anything else after one character. One that never ends takes no more than its line.
    private enum Escape {
        case none, begun, parameters, string
        /// An escape in a string: it ends the string, or begins another sequence.
        case endOfString

        /// Whether the scalar belongs to a sequence.
        mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
            if scalar == "\u{1B}" {
                self = self == .string ? .endOfString : .begun
                return true
            }
            guard self != .none, scalar != "\n" else {
                self = .none
                return false
            }
            self = next(after: scalar)
            return true
        }

        private func next(after scalar: Unicode.Scalar) -> Escape {
            switch self {
            case .none,
                .endOfString where scalar == "\\":
                .none
            case .begun, .endOfString: Self.begin(scalar)
            case .parameters: (0x40...0x7E).contains(scalar.value) ? .none : .parameters
            case .string: scalar == "\u{07}" ? .none : .string
            }
        }

        private static func begin(_ kind: Unicode.Scalar) -> Escape {
            switch kind {
            case "[": .parameters
            case "]", "P", "_", "^", "X": .string
            default: .none
            }
        }
    }
}
