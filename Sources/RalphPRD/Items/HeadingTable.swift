import RalphCore

/// A heading of the document itself, with its section.
struct Heading: Sendable {
    var block: Int
    var line: Int
    /// Last line of the heading itself.
    var endLine: Int
    var level: Int
    /// Without marks and attributes.
    var text: String
    var values = AttributeValues()
    var parent: Int
    /// Last line of the section.
    var sectionEnd: Int
    /// Titles from the outermost heading to this one.
    var path: [String] = []
    var defaults = Defaults()
    /// The id in front, as in `US-001: Login`, unless the prefix is that of a group.
    var story: StoryName?
    var hasTasks = false
    var hasInnerStory = false

    /// Of the item or section.
    var id: String? { values.id ?? story?.id }

    /// Whether the heading is an item whose criteria are the boxes under it.
    var isItem: Bool {
        if values.isSplit || text.isEmpty { return false }
        if values.isItem { return true }
        return story != nil && hasTasks && !hasInnerStory
    }
}

/// The id that a story's heading begins with, and what follows it.
struct StoryName: Equatable, Sendable {
    var id: String
    var title: String

    private static let groupPrefixes: Set<String> = ["EPIC", "PHASE", "MILESTONE", "ADR", "RFC", "PR"]

    /// `US-001: Login`; nil without such an id or with a prefix that names a group.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let dash = bytes.firstIndex(of: Byte.dash), dash > 0, Byte.isUpper(bytes[0]) else { return nil }
        guard bytes[..<dash].allSatisfy({ Byte.isUpper($0) || Byte.isDigit($0) }) else { return nil }
        var at = dash + 1
        while at < bytes.count, Byte.isDigit(bytes[at]) { at += 1 }
        guard at > dash + 1, at < bytes.count, bytes[at] == UInt8(ascii: ":") else { return nil }
        let prefix = String(decoding: bytes[..<dash], as: UTF8.self)
        guard !Self.groupPrefixes.contains(prefix) else { return nil }
        var rest = bytes[(at + 1)...]
        while let first = rest.first, Byte.isBlank(first) { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        id = String(decoding: bytes[..<at], as: UTF8.self)
        title = String(decoding: rest, as: UTF8.self)
    }
}

/// The headings of a document in document order.
struct HeadingTable: Sendable {
    private(set) var headings: [Heading] = []

    init(_ tree: BlockTree, _ text: SourceText) {
        var open: [Int] = []
        var at = 0
        while at < tree.blocks.count {
            let block = tree.blocks[at]
            if block.type == .heading {
                while let last = open.last, headings[last].level >= Int(block.headingLevel) {
                    headings[last].sectionEnd = block.startLine - 1
                    open.removeLast()
                }
                var heading = Self.heading(at, block, text, tree.plainText(of: at) ?? [])
                heading.parent = open.last ?? -1
                heading.sectionEnd = text.lineCount
                open.append(headings.count)
                headings.append(heading)
            } else if !open.isEmpty, !headings[open[open.count - 1]].hasTasks,
                tree.blocks[at..<block.subtreeEnd].contains(where: \.isTask)
            {
                for index in open { headings[index].hasTasks = true }
            }
            at = block.subtreeEnd
        }
        resolve()
    }

    private static func heading(
        _ index: Int,
        _ block: Block,
        _ text: SourceText,
        _ plainText: [Range<Int>]
    ) -> Heading {
        let line = text.content(ofLine: block.startLine)
        var range = text.trimmed(
            min(line.lowerBound + block.startColumn - 1, line.upperBound)..<line.upperBound
        )
        let marks = text.bytes[range].prefix { $0 == Byte.hash }.count
        let isMarked =
            marks == Int(block.headingLevel)
            && (range.count == marks || Byte.isBlank(text.bytes[range.lowerBound + marks]))
        if isMarked { range = withoutMarks(range, marks, text) }
        var heading = Heading(
            block: index,
            line: block.startLine,
            endLine: block.endLine,
            level: Int(block.headingLevel),
            text: "",
            parent: -1,
            sectionEnd: block.startLine
        )
        if let attributes = AttributeTokens.atEnd(of: range, in: text, plainText: plainText) {
            heading.values = AttributeValues(attributes)
            range = text.trimmed(range.lowerBound..<attributes.range.lowerBound)
        }
        heading.text = text.string(range)
        heading.story = StoryName(heading.text)
        return heading
    }

    /// Without the `#` in front and those that may close the line.
    private static func withoutMarks(_ range: Range<Int>, _ marks: Int, _ text: SourceText) -> Range<Int> {
        let inner = text.trimmed(range.lowerBound + marks..<range.upperBound)
        var end = inner.upperBound
        while end > inner.lowerBound, text.bytes[end - 1] == Byte.hash { end -= 1 }
        guard end < inner.upperBound, end == inner.lowerBound || Byte.isBlank(text.bytes[end - 1]) else {
            return inner
        }
        return text.trimmed(inner.lowerBound..<end)
    }

    private mutating func resolve() {
        for index in headings.indices {
            let parent = headings[index].parent
            var defaults = parent >= 0 ? headings[parent].defaults : Defaults()
            headings[index].path = (parent >= 0 ? headings[parent].path : []) + [headings[index].text]
            if Self.isLaterByName(headings[index].text), defaults.attributes.mode == .run {
                defaults.attributes.mode = .later
            }
            headings[index].defaults = defaults.applying(headings[index].values)
            if let error = headings[index].values.error, headings[index].defaults.error == error {
                headings[index].defaults.error = "the heading on line \(headings[index].line): \(error)"
            }
            guard headings[index].story != nil || headings[index].values.isItem else { continue }
            var above = parent
            while above >= 0, !headings[above].hasInnerStory {
                headings[above].hasInnerStory = true
                above = headings[above].parent
            }
        }
    }

    private static let laterNames: Set<String> = [
        "acceptance criteria", "definition of done", "success criteria", "out of scope", "non-goals",
        "open questions",
        "backlog", "future", "later",
    ]

    /// Whether the boxes under a heading of this name are no work for now: `## 7. Out of scope:`, `## Non-goals (v1)`.
    static func isLaterByName(_ text: String) -> Bool {
        var name = text[...]
        let number = name.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ")") }
        if name.dropFirst(number.count).first == " " { name = name.dropFirst(number.count) }
        if let bracket = name.firstIndex(of: "(") { name = name[..<bracket] }
        let trimmed = name.lowercased().split(whereSeparator: { " :*_`".contains($0) }).joined(separator: " ")
        return laterNames.contains(trimmed)
    }
}
