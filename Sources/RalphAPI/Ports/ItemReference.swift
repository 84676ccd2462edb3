package import RalphCore

/// How a person names an item: `12` (its number), `#login` (its key), `L38` (its line), or a unique part of its title.
package enum ItemReference: Hashable, Sendable, CustomStringConvertible {
    case number(ItemID)
    case key(String)
    case line(Int)
    /// A key without `#`, else part of a title.
    case words(String)

    /// Nil when nothing but blanks is there.
    package init?(_ text: String) {
        let text = text.drop(while: \.isWhitespace)
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        let name = text[...last]
        if name.allSatisfy(\.isASCIIDigit), let number = Int64(name) {
            self = .number(ItemID(number))
        } else if name.hasPrefix("#"), name.count > 1 {
            self = .key(String(name.dropFirst()))
        } else if let first = name.first, first == "L" || first == "l", name.count > 1,
            name.dropFirst().allSatisfy(\.isASCIIDigit), let line = Int(name.dropFirst())
        {
            self = .line(line)
        } else {
            self = .words(String(name))
        }
    }

    package var description: String {
        switch self {
        case .number(let id): id.description
        case .key(let key): "#\(key)"
        case .line(let line): "L\(line)"
        case .words(let words): words
        }
    }

    /// The one item that is meant. What stands in the PRD goes before what was withdrawn from it, a whole key before
    /// part of a title.
    package func resolve(among records: [ItemRecord]) throws(Failure) -> ItemRecord {
        var matches = self.matches(records.filter { $0.state != .withdrawn })
        if matches.isEmpty { matches = self.matches(records.filter { $0.state == .withdrawn }) }
        guard let first = matches.first else {
            throw Self.notFound(self)
        }
        guard matches.count == 1 else {
            let some = matches.prefix(3).map { "\($0.id) \($0.item.title.prefix(40))" }.joined(
                separator: ", "
            )
            let rest = matches.count > 3 ? " and \(matches.count - 3) more" : ""
            throw Failure(.ambiguous, "\(self) could be \(some)\(rest): use a number")
        }
        return first
    }

    package static func notFound(_ reference: ItemReference) -> Failure {
        Failure(.notFound, "no item \(reference): ralphctl items lists them")
    }

    private func matches(_ records: [ItemRecord]) -> [ItemRecord] {
        switch self {
        case .number(let id): return records.filter { $0.id == id }
        case .key(let key): return records.filter { $0.item.key == key }
        case .line(let line): return records.filter { $0.item.line == line }
        case .words(let words):
            let exact = records.filter { $0.item.key == words }
            if !exact.isEmpty { return exact }
            let folded = words.lowercased()
            let keys = records.filter { $0.item.key.lowercased() == folded }
            if !keys.isEmpty { return keys }
            let titles = records.filter { $0.item.title.lowercased() == folded }
            return titles.isEmpty ? records.filter { $0.item.title.lowercased().contains(folded) } : titles
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
