internal import RalphCore

/// Makes agents' and authors' text inert.
enum PlainText {
    /// Without control characters but tab and line feed, and without escape sequences; CRLF becomes LF. Code points that turn
    /// the direction of text or show nothing go as well: they make a line read as what it is not.
    static func withoutControls(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: RalphCore.PlainText.inert(text).unicodeScalars.filter { !isControl($0) })
        return String(kept)
    }

    /// One line: every run of white space and line ends is a space.
    static func singleLine(_ text: String) -> String {
        let spaced = text.unicodeScalars.map { scalar -> Character in
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029: " "
            default: Character(scalar)
            }
        }
        return withoutControls(String(spaced)).split(separator: " ", omittingEmptySubsequences: true)
            .joined(separator: " ")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0x200B, 0x2060, 0xFEFF: true
        default: false
        }
    }
}
