/// Two views whose keys stand side by side in one JSON object: what lists show of a thing, and what only its own page shows.
@dynamicMemberLookup
package struct Joined<Summary: Codable & Sendable, Particulars: Codable & Sendable>: Codable, Sendable {
    package var summary: Summary
    package var particulars: Particulars

    package init(_ summary: Summary, _ particulars: Particulars) {
        self.summary = summary
        self.particulars = particulars
    }

    package init(from decoder: any Decoder) throws {
        summary = try Summary(from: decoder)
        particulars = try Particulars(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        try particulars.encode(to: encoder)
    }

    package subscript<Value>(dynamicMember member: KeyPath<Summary, Value>) -> Value {
        summary[keyPath: member]
    }

    package subscript<Value>(dynamicMember member: KeyPath<Particulars, Value>) -> Value {
        particulars[keyPath: member]
    }
}

extension Joined: Equatable where Summary: Equatable, Particulars: Equatable {}
