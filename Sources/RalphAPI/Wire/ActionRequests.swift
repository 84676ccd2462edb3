/// Body of `POST /v1/pause`: whether running iterations are stopped too.
package struct PauseRequest: Codable, Equatable, Sendable {
    package var now: Bool

    package init(now: Bool) { self.now = now }
}

/// Body of `POST /v1/items/{item}/retry`.
package struct RetryRequest: Codable, Equatable, Sendable {
    /// What the next iteration is told.
    @OrNull package var note: String?
    /// Start from the base, not from the kept work.
    package var fresh: Bool

    package init(note: String?, fresh: Bool) {
        self.fresh = fresh
        self.note = note
    }
}

/// Body of `POST /v1/questions/{question}/answer` and of `POST /v1/items`.
package struct TextRequest: Codable, Equatable, Sendable {
    package var text: String

    package init(text: String) { self.text = text }
}
