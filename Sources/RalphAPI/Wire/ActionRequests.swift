/// The body of an action. A key that is not one of `keys` is refused: a misspelt `note` must not vanish in silence.
package protocol ActionRequest: Codable, Equatable, Sendable {
    static var keys: Set<String> { get }
}

/// Body of `POST /v1/pause`: whether running iterations are stopped too.
package struct PauseRequest: ActionRequest {
    package static let keys: Set<String> = ["now"]

    package var now: Bool

    package init(now: Bool) { self.now = now }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        now = try container.decodeIfPresent(Bool.self, forKey: .now) ?? false
    }
}

/// Body of `POST /v1/items/{item}/retry`.
package struct RetryRequest: ActionRequest {
    package static let keys: Set<String> = ["fresh", "note"]

    /// What the next iteration is told.
    @OrNull package var note: String?
    /// Start from the base, not from the kept work.
    package var fresh: Bool

    package init(note: String?, fresh: Bool) {
        self.fresh = fresh
        self.note = note
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        fresh = try container.decodeIfPresent(Bool.self, forKey: .fresh) ?? false
        _note = try container.decode(OrNull<String>.self, forKey: .note)
    }
}

/// Body of `POST /v1/items`.
package struct AddRequest: ActionRequest {
    package static let keys: Set<String> = ["after", "section", "text"]

    /// As it would stand behind its box.
    package var text: String
    /// Title, path or id of a heading.
    @OrNull package var section: String?
    /// The item that it is put right below, and waits for.
    @OrNull package var after: String?

    package init(text: String, section: String? = nil, after: String? = nil) {
        self.text = text
        self.section = section
        self.after = after
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decode(String.self, forKey: .text)
        _section = try container.decode(OrNull<String>.self, forKey: .section)
        _after = try container.decode(OrNull<String>.self, forKey: .after)
    }
}

/// Body of `POST /v1/questions/{question}/answer`.
package struct TextRequest: ActionRequest {
    package static let keys: Set<String> = ["text"]

    package var text: String

    package init(text: String) { self.text = text }
}
