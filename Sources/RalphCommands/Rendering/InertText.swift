/// Makes text of agents, authors and programs inert, so that a terminal only ever shows it.
///
/// Escape sequences are removed, other control characters become `�`, and what changes the order or the look of the
/// text around it without being seen (direction overrides, tags, invisible characters) is removed.
enum InertText {
    /// One line: line breaks and tabs become a space, runs of them one, those at the end none.
    static func line(_ text: String) -> String {
        if isHarmless(text) { return text }
        var result = String.UnicodeScalarView()
        var scalars = withoutEscapes(text)
        while let last = scalars.last, isBreak(last) { scalars.removeLast() }
        for scalar in scalars {
            guard isBreak(scalar) || scalar == "\t" else {
                if let shown = shown(scalar) { result.append(shown) }
                continue
            }
            if let last = result.last, last != " " { result.append(" ") }
        }
        return String(result)
    }

    /// Several lines: every kind of line break becomes a line feed, tabs stay.
    static func block(_ text: String) -> String {
        if isHarmless(text) { return text }
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in withoutEscapes(text) {
            defer { previous = scalar }
            if scalar == "\n", previous == "\r" { continue }
            if isBreak(scalar) {
                result.append("\n")
            } else if scalar == "\t" {
                result.append(scalar)
            } else if let shown = shown(scalar) {
                result.append(shown)
            }
        }
        return String(result)
    }

    /// The common case, decided without decoding: printable ASCII.
    private static func isHarmless(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: "\u{FFFD}"
        // Arabic letter mark, direction marks, embeddings, overrides and isolates.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: nil
        // Invisible: soft hyphen, zero width space, word joiner and operators, old format characters, byte order mark,
        // interlinear annotations, tags. The joiners U+200C and U+200D stay: writing and emoji need them.
        case 0xAD, 0x034F, 0x115F, 0x1160, 0x180E, 0x200B, 0x2060...0x2065, 0x206A...0x206F, 0x3164, 0xFEFF,
            0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            nil
        default: scalar
        }
    }
}

extension InertText {
    private static let escape: Unicode.Scalar = "\u{1B}"

    /// The scalars of `text` without complete or unfinished escape sequences (ECMA-48: CSI, OSC, DCS and their kin,
    /// in 7 and 8 bit form).
    private static func withoutEscapes(_ text: String) -> [Unicode.Scalar] {
        guard text.unicodeScalars.contains(where: { $0 == escape || (0x90...0x9F).contains($0.value) }) else {
            return Array(text.unicodeScalars)
        }
        var rest = Array(text.unicodeScalars)[...]
        var kept: [Unicode.Scalar] = []
        while let scalar = rest.popFirst() {
            switch scalar.value {
            case 0x1B: skipEscape(&rest)
            case 0x9B: skipControl(&rest)
            case 0x90, 0x98, 0x9D, 0x9E, 0x9F: skipString(&rest)
            default: kept.append(scalar)
            }
        }
        return kept
    }

    /// What follows ESC.
    private static func skipEscape(_ rest: inout ArraySlice<Unicode.Scalar>) {
        guard let next = rest.first else { return }
        switch next {
        case "[":
            rest.removeFirst()
            skipControl(&rest)
        case "]", "P", "X", "^", "_":
            rest.removeFirst()
            skipString(&rest)
        default:
            while let intermediate = rest.first, (0x20...0x2F).contains(intermediate.value) {
                rest.removeFirst()
            }
            if let final = rest.first, (0x30...0x7E).contains(final.value) { rest.removeFirst() }
        }
    }

    /// Parameters, intermediates and the final byte of a control sequence.
    private static func skipControl(_ rest: inout ArraySlice<Unicode.Scalar>) {
        while let scalar = rest.first, (0x20...0x3F).contains(scalar.value) { rest.removeFirst() }
        if let final = rest.first, (0x40...0x7E).contains(final.value) { rest.removeFirst() }
    }

    /// A control string up to its terminator. One without a terminator loses only its introducer, or a stray byte
    /// would swallow the rest of a log.
    private static func skipString(_ rest: inout ArraySlice<Unicode.Scalar>) {
        let line = rest.prefix { !isBreak($0) || $0.value == 0x85 }
        for index in line.indices {
            if line[index].value == 0x07 || line[index].value == 0x9C {
                rest = rest[(index + 1)...]
                return
            }
            if line[index] == escape, index + 1 < line.endIndex, line[index + 1] == "\\" {
                rest = rest[(index + 2)...]
                return
            }
        }
    }
}
