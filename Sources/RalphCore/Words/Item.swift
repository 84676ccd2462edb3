/// A unit of work as the PRD states it, at one reading of the file.
package struct Item: Equatable, Codable, Sendable {
    /// What people call it: the `#id` or story id, else a slug of the title, unique in the document.
    package var key: String
    /// `#id` or the story's id, if the author gave one. Identity across edits starts here.
    package var explicitID: String?
    /// First line without box and attributes, as Markdown source.
    package var title: String
    /// Heading path, outermost first.
    package var section: [String]
    /// Line of the box or the heading, from 1.
    package var line: Int
    /// Offset of the byte between the brackets; nil for a story, which has no box of its own.
    package var boxOffset: Int?
    package var isTicked: Bool
    package var criteria: [Criterion]
    /// Everything nested that is not a criterion, as Markdown source with its indent removed.
    package var details: String
    package var attributes: ItemAttributes
    /// Why the item may not run although it is open: an unknown attribute, a cycle. Nil when it may.
    package var error: String?

    package init(
        key: String,
        explicitID: String? = nil,
        title: String,
        section: [String] = [],
        line: Int,
        boxOffset: Int? = nil,
        isTicked: Bool = false,
        criteria: [Criterion] = [],
        details: String = "",
        attributes: ItemAttributes = ItemAttributes(),
        error: String? = nil
    ) {
        self.key = key
        self.explicitID = explicitID
        self.title = title
        self.section = section
        self.line = line
        self.boxOffset = boxOffset
        self.isTicked = isTicked
        self.criteria = criteria
        self.details = details
        self.attributes = attributes
        self.error = error
    }
}

/// A task nested in an item.
package struct Criterion: Equatable, Codable, Sendable {
    package var text: String
    package var line: Int
    package var boxOffset: Int
    package var isTicked: Bool

    package init(text: String, line: Int, boxOffset: Int, isTicked: Bool) {
        self.text = text
        self.line = line
        self.boxOffset = boxOffset
        self.isTicked = isTicked
    }
}

/// What stands in braces behind an item, with the defaults of its headings already applied.
package struct ItemAttributes: Equatable, Codable, Sendable {
    /// Who does the item, or that nobody does it now.
    package enum Mode: String, Codable, Sendable { case run, manual, later }

    package var mode: Mode = .run
    /// Keys of items that must be done first, without `#`.
    package var after: [String] = []
    /// 1 runs first.
    package var priority: Int = 3
    package var agent: AgentChoice?
    package var model: String?
    /// Shell commands added to the project's checks.
    package var checks: [String] = []
    package var timeout: Duration?
    package var attempts: Int?
    /// Of all its iterations together.
    package var budget: Ceiling?

    package init() {}
}

extension Item {
    /// Title, description and criteria: what the work is. An edit of this cancels a running iteration, and nothing else does.
    package var content: [String] { [title, details] + criteria.map(\.text) }

    /// Whether the work is the same: title, description and criteria, whatever the white space.
    package func hasSameContent(as other: Item) -> Bool {
        let (mine, its) = (content, other.content)
        return mine == its || mine.map(\.words) == its.map(\.words)
    }

    /// Whether it is the other in all but where it stands in the file.
    package func isAlike(_ other: Item) -> Bool {
        guard criteria.count == other.criteria.count else { return false }
        var moved = other
        (moved.line, moved.boxOffset) = (line, boxOffset)
        for (index, criterion) in criteria.enumerated() {
            moved.criteria[index].line = criterion.line
            moved.criteria[index].boxOffset = criterion.boxOffset
        }
        return moved == self
    }
}

/// Something to tell the author about the document.
package struct Diagnostic: Equatable, Codable, Sendable {
    package enum Severity: String, Codable, Sendable { case error, warning }

    /// From 1.
    package var line: Int
    /// From 1, in bytes.
    package var column: Int
    package var severity: Severity
    /// What is wrong and what to write instead.
    package var message: String

    package init(line: Int, column: Int, severity: Severity, message: String) {
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
    }
}

extension String {
    /// What is left of a text when white space is no matter.
    package var words: [Substring] { split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }) }
}
