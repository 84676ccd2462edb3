/// Text as man(7) takes it.
enum Roff {
    /// One line: nothing in it acts.
    static func inline(_ text: some StringProtocol) -> String {
        let escaped = text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\n": result += " "
            default: result.append(character)
            }
        }
        // A request begins with one of these.
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    static func quoted(_ text: String) -> String {
        "\"\(inline(text).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq"))\""
    }

    /// Prose with blank lines between its paragraphs; lines that are set in stay as they are.
    static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isVerbatim = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isSetIn = line.hasPrefix("  ")
            if isSetIn != isVerbatim { lines += isSetIn ? [".nf"] : [".fi"] }
            isVerbatim = isSetIn
            if line.isEmpty {
                if !lines.isEmpty { lines.append(".PP") }
            } else {
                let begins = line.hasPrefix("Example:") || line.hasPrefix("Exit:")
                if begins, let last = lines.last, last != ".PP" {
                    lines.append(".PP")
                }
                lines.append(inline(line))
            }
        }
        return isVerbatim ? lines + [".fi"] : lines
    }
}
