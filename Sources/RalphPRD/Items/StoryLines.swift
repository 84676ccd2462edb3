import RalphCore

/// The lines of a story that count as attributes: `**Priority:** 1` and `**Depends on:** US-001, US-002`.
struct StoryLines {
    private(set) var priority: Int?
    private(set) var after: [String] = []
    private(set) var problems: [Diagnostic] = []
    /// The lines that are attributes and not description.
    private(set) var found: Set<Int> = []

    enum Finding: Equatable {
        case priority(Int)
        case after([String])
        /// Reads like one, but its value says nothing we know.
        case unclear(String)
    }

    /// Reads the paragraphs of a story's section, those of plain bullets too.
    mutating func read(_ heading: Heading, _ tree: BlockTree, _ text: SourceText) {
        var at = tree.blocks[heading.block].subtreeEnd
        while at < tree.blocks.count, tree.blocks[at].startLine <= heading.sectionEnd {
            let block = tree.blocks[at]
            at = block.type == .task || block.type == .quote ? block.subtreeEnd : at + 1
            guard block.type == .paragraph else { continue }
            for line in block.startLine...block.endLine {
                let start = line == block.startLine ? block.startColumn - 1 : 0
                let content = text.content(ofLine: line)
                let range = text.trimmed(
                    min(content.lowerBound + start, content.upperBound)..<content.upperBound
                )
                guard !range.isEmpty, "*_-".utf8.contains(text.bytes[range.lowerBound]) else { continue }
                apply(Self.read(text.string(range)), line: line)
            }
        }
    }

    private mutating func apply(_ finding: Finding?, line: Int) {
        guard let finding else { return }
        found.insert(line)
        switch finding {
        case .priority(let number): priority = number
        case .after(let names): after += names
        case .unclear(let message):
            problems.append(Diagnostic(line: line, column: 1, severity: .warning, message: message))
        }
    }

    /// What a line says; nil for all that is not such a line.
    static func read(_ line: String) -> Finding? {
        var rest = line[...]
        if rest.hasPrefix("- ") || rest.hasPrefix("* ") { rest = rest.dropFirst(2) }
        let mark = rest.prefix(2)
        guard mark == "**" || mark == "__" else { return nil }
        rest = rest.dropFirst(2)
        guard let close = rest.range(ofMark: mark) else { return nil }
        var name = rest[..<close.lowerBound]
        var value = rest[close.upperBound...]
        if name.hasSuffix(":") {
            name = name.dropLast()
        } else if value.hasPrefix(":") {
            value = value.dropFirst()
        } else {
            return nil
        }
        switch name.lowercased() {
        case "priority": return priority(trim(value))
        case "depends on", "depends-on", "dependencies": return .after(names(value))
        default: return nil
        }
    }

    private static func priority(_ value: Substring) -> Finding {
        if let number = Int(value), number >= 1, number <= 1000 { return .priority(number) }
        return .unclear(
            "`**Priority:** \(value)` is no number, so it is ignored; write 1 for the first, 3 is the default"
        )
    }

    private static let nothing: Set<String> = ["none", "nothing", "n/a", "-", "–", "—"]

    private static func names(_ value: Substring) -> [String] {
        value.split(separator: ",").compactMap { part in
            let word = part.split(separator: " ").first ?? ""
            let name = word.drop { "#[`".contains($0) }.prefix { !"]`.;".contains($0) }
            return name.isEmpty || nothing.contains(name.lowercased()) ? nil : String(name)
        }
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}

extension Substring {
    fileprivate func range(ofMark mark: Substring) -> Range<Index>? {
        var at = startIndex
        while let next = index(at, offsetBy: mark.count, limitedBy: endIndex) {
            if self[at..<next] == mark { return at..<next }
            at = index(after: at)
        }
        return nil
    }
}
