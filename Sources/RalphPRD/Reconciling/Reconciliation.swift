/// Which items of a new reading are which of the known ones.
package struct Reconciliation: Equatable, Sendable {
    /// Why two items are one, in the order in which this is looked for.
    package enum Reason: Sendable { case sameID, sameTitle, moved, reworded }

    package struct Match: Equatable, Sendable {
        /// Index in the new reading.
        package var new: Int
        package var reason: Reason
    }

    /// By index of the known item; nil for one that is not in the new reading.
    package internal(set) var matches: [Match?]
    /// Indices of new items that are none of the known ones, ascending.
    package internal(set) var added: [Int] = []
    /// Indices of known items that were there and no longer are, ascending; withdrawn ones are not counted again.
    package internal(set) var missing: [Int] = []
}
