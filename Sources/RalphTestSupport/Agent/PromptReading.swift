/// What the scripted agent takes from a prompt: which item, and which try.
package struct PromptReading: Equatable, Sendable {
    package var text: String
    /// Nil when the item has no id of the author's.
    package var key: String?
    package var title: String
    /// 1 unless the prompt tells of an earlier try; 2 after one that was no strike, and so has no number.
    package var tryNumber: Int

    package init(_ text: String) {
        self.text = text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let item = lines.first { $0.hasPrefix("# Item #") || $0.hasPrefix("# Item: ") } ?? "# Item: nothing"
        if item.hasPrefix("# Item #"), let colon = item.firstIndex(of: ":") {
            key = String(item[..<colon].dropFirst("# Item #".count))
            title = item[colon...].dropFirst().trimmingSpaces
        } else {
            key = nil
            title = item.dropFirst("# Item:".count).trimmingSpaces
        }
        tryNumber = lines.contains { $0.hasPrefix("# Last try: ") } ? 2 : 1
        let last = lines.first { $0.hasPrefix("# Last try (") }?.dropFirst("# Last try (".count)
        if let number = last?.prefix(while: \.isNumber), let tries = Int(number) { tryNumber = tries + 1 }
    }

    /// A name for files: the key, else the title in lower-case letters, digits and dashes.
    package var slug: String {
        let words = (key ?? title).lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "item" : String(words.joined(separator: "-").prefix(60))
    }

    /// `{item}`, `{title}` and `{try}` in what an act is told.
    func filledIn(_ text: String, try number: Int) -> String {
        text.replacing("{item}", with: slug).replacing("{title}", with: title)
            .replacing("{try}", with: String(number))
    }
}

extension Substring {
    var trimmingSpaces: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
