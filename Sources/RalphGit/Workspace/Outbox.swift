/// What an agent says of its own work. Words to show and to veto with; they approve nothing.
package struct Outbox: Equatable, Sendable {
    /// The one file that counts, when there are several: question over not-done over already-done over summary.
    package enum Word: Equatable, Sendable {
        case question(String)
        case notDone(String)
        case alreadyDone(String)
        case summary(String)
        case none
    }

    package var word: Word = .none
    /// `learned.md`.
    package var learned: String?
    /// Files that were ignored or cut, each with the reason, for the log.
    package var notes: [String] = []
}
