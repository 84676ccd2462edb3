package import struct Foundation.Date

/// A landing that a person wants taken back. It is written before anything is done, and stays until the item's box is open
/// again or the try has failed, so that a restart goes on with it.
package struct UndoRecord: Equatable, Sendable {
    package var item: ItemID
    /// The one that landed.
    package var iteration: IterationID
    /// What it landed as.
    package var landed: ObjectID
    package var askedAt: Date
    /// The commit that took it back; then only the box is left to be opened.
    package var reverted: ObjectID?

    package init(item: ItemID, iteration: IterationID, landed: ObjectID, askedAt: Date) {
        self.item = item
        self.iteration = iteration
        self.landed = landed
        self.askedAt = askedAt
    }
}

/// How far an undo is: the `undo` detail of the notes that tell of it.
package enum UndoStep: String, Codable, Sendable {
    case asked
    /// It waits; the message says for what.
    case waiting
    case done
    /// Nothing was changed; the message says why.
    case failed
}
