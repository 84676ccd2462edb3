package import RalphCore

internal import struct Foundation.UUID

/// How a person names an iteration: `i17` (its number), `login/2` (the item's second), the UUID of a commit's
/// `Ralph-Iteration:` trailer, or just an item (its latest).
package enum IterationReference: Hashable, Sendable, CustomStringConvertible {
    case number(IterationID)
    case uuid(String)
    case ordinal(ItemReference, Int)
    case latest(ItemReference)

    /// Nil when nothing but blanks is there.
    package init?(_ text: String) {
        if let first = text.first, first == "i" || first == "I", let number = Int64(text.dropFirst()),
            number > 0
        {
            self = .number(IterationID(number))
        } else if UUID(uuidString: text) != nil {
            self = .uuid(text)
        } else if let slash = text.lastIndex(of: "/"), let ordinal = Int(text[text.index(after: slash)...]),
            ordinal > 0,
            let item = ItemReference(String(text[..<slash]))
        {
            self = .ordinal(item, ordinal)
        } else if let item = ItemReference(text) {
            self = .latest(item)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .number(let id): "i\(id)"
        case .uuid(let uuid): uuid
        case .ordinal(let item, let ordinal): "\(item)/\(ordinal)"
        case .latest(let item): item.description
        }
    }
}
