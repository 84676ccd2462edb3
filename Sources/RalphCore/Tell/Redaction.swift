/// Takes secrets out of text: what is recorded, told to an agent or shown to a person holds none.
package struct Redaction: Sendable {
    private let secrets: [String]

    private static let mark = "[redacted]"

    /// - Parameter secrets: the values themselves. An empty one is none.
    package init(_ secrets: [String]) {
        // The longest first, should one be part of another.
        self.secrets = Set(secrets.filter { !$0.isEmpty }).sorted { ($1.count, $0) < ($0.count, $1) }
    }

    package func clean(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: Self.mark) }
    }

    /// Whether a line that the diff adds holds one of them.
    package func isAdded(by diff: String) -> Bool {
        guard secrets.contains(where: diff.contains) else { return false }
        return diff.split(separator: "\n").contains { line in
            line.hasPrefix("+") && secrets.contains(where: line.contains)
        }
    }
}
