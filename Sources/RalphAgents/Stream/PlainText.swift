/// Text from an agent, made safe for a terminal and for one line of a record.
package enum PlainText {
    /// Without escape sequences, control characters (but newline and tab) and bidirectional overrides.
    package static func strip(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isUnwanted($0) }) else { return text }
        var kept = String.UnicodeScalarView()
        var escape = Escape.none
        for scalar in text.unicodeScalars where !escape.swallows(scalar) && !isUnwanted(scalar) {
            kept.append(scalar)
        }
        return String(kept)
    }

    /// The same on one line, with runs of white space folded, cut at `limit` characters.
    package static func line(_ text: String, limit: Int = 300) -> String {
        // Only the beginning is used, so only the beginning is worked on.
        let start = strip(String(text.prefix(limit * 4)))
        let folded = start.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return folded.count > limit ? String(folded.prefix(limit - 1)) + "…" : folded
    }

    private static func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Where in a terminal's escape sequence the text is.
    private enum Escape {
        case none, begun, control, string

        mutating func swallows(_ scalar: Unicode.Scalar) -> Bool {
            switch (self, scalar.value) {
            case (_, 0x1B): self = .begun
            case (.none, 0x9B): self = .control
            case (.none, _): return false
            case (.begun, 0x5B): self = .control
            case (.begun, 0x50), (.begun, 0x58), (.begun, 0x5D), (.begun, 0x5E), (.begun, 0x5F):
                self = .string
            case (.begun, 0x20...0x2F): break
            case (.begun, _): self = .none
            case (.control, 0x40...0x7E): self = .none
            case (.control, _): break
            // A newline ends an unfinished title sequence, so that nothing after it is lost.
            case (.string, 0x07), (.string, 0x9C), (.string, 0x0A): self = .none
            case (.string, _): break
            }
            return true
        }
    }
}
