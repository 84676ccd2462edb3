package import RalphCore

/// A PRD that may come into force: what its author wants done, and how.
package struct Document: Equatable, Sendable {
    /// The front matter on top of the defaults that the reader was given.
    package var settings: ProjectSettings
    /// In document order.
    package var items: [Item]
    /// By line. None of them stops the document, but an error stops its item.
    package var problems: [Diagnostic]
    /// The bytes of the front matter with its two fences; nil when there is none.
    package var frontMatter: Range<Int>?
    /// Ticked boxes around items that `split` made of their nested boxes.
    package var splitBoxes: [SplitBox]
}

extension Document {
    /// The line of the front matter that sets a key; the first line of the document where none does.
    /// - Parameter bytes: what the document was read from.
    package func line(ofSetting key: String, in bytes: [UInt8]) -> Int {
        guard let frontMatter, frontMatter.upperBound <= bytes.count else { return 1 }
        let lines = bytes[frontMatter].split(separator: Byte.newline, omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.starts(with: (key + ":").utf8) } ?? 0) + 1
    }
}

/// The box of a task whose nested boxes are the items. It is ticked with the last of them.
package struct SplitBox: Equatable, Sendable {
    package var line: Int
    package var boxOffset: Int
    package var isTicked: Bool
    /// Indices of the items in it.
    package var items: Range<Int>
}

/// Why a PRD may not come into force. The last good one stays.
package struct Rejection: Error, Equatable, Sendable {
    /// At least one.
    package var problems: [Diagnostic]

    init(problems: [Diagnostic]) { self.problems = problems }

    /// For one problem, an error.
    package init(_ message: String, line: Int = 1, column: Int = 1) {
        problems = [Diagnostic(line: line, column: column, severity: .error, message: message)]
    }
}
