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

extension Criterion {
    /// What it is found again by: its text, whatever the white space.
    var words: [Substring] { text.words }
}

extension String {
    /// A title to be compared: runs of blanks and tabs count as one blank. Most titles have none and come back as they are.
    var foldingBlanks: String {
        var isFolded = true
        var wasBlank = false
        for byte in utf8 {
            let isBlank = Byte.isBlank(byte)
            if byte == Byte.tab || isBlank && wasBlank {
                isFolded = false
                break
            }
            wasBlank = isBlank
        }
        if isFolded { return self }
        return split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    }
}
