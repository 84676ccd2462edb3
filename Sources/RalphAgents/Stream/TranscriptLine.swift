import RalphCore

/// A line of an agent's transcript for a person: control characters are gone, raw JSON too.
package struct TranscriptLine: Equatable, Sendable {
    package enum Kind: String, Codable, Sendable { case text, tool, result, error, other }

    package var kind: Kind
    /// May hold newlines where the agent wrote them.
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = PlainText.inert(text)
    }
}
