package import RalphCore

/// An item as it was at the last reading, which a new reading is compared with.
package struct KnownItem: Equatable, Sendable {
    package var item: Item
    /// Whether it was withdrawn: then only its own id or title brings it back.
    package var isWithdrawn: Bool
    /// Whether it is done, although its box may be open: a tick that is owed, or was lost and is to be put back.
    package var isDone: Bool

    package init(_ item: Item, isWithdrawn: Bool = false, isDone: Bool = false) {
        self.item = item
        self.isWithdrawn = isWithdrawn
        self.isDone = isDone || item.isTicked
    }

    package init(_ record: ItemRecord) {
        self.init(record.item, isWithdrawn: record.state == .withdrawn, isDone: record.state == .done)
    }
}

extension Item {
    /// Whether the work is the same: title, description and criteria, whatever the white space.
    package func hasSameContent(as other: Item) -> Bool {
        content == other.content || content.map(Self.words) == other.content.map(Self.words)
    }

    private static func words(_ text: String) -> [Substring] {
        text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" })
    }
}
