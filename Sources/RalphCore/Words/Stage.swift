/// Where an iteration is. Each change is written to the history before the stage begins.
package enum Stage: String, CaseIterable, Codable, Sendable {
    case preparing, agent, snapshot, checks, review, landing
}

/// What an item is waiting for, or that it is not.
package enum ItemState: String, CaseIterable, Codable, Sendable {
    case open, running, waiting, blocked, done, withdrawn, manual, later
}

/// What the project as a whole is doing.
package enum ProjectState: String, CaseIterable, Codable, Sendable {
    case running, waiting, idle, paused, held, stopped
}

/// The row number of an item in the history. Authors' text never names anything on disk or in git; this does.
package struct ItemID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: ItemID, b: ItemID) -> Bool { a.rawValue < b.rawValue }
}

/// The row number of an iteration in the history.
package struct IterationID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
{
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
    package static func < (a: IterationID, b: IterationID) -> Bool { a.rawValue < b.rawValue }
}

/// A commit, tree or blob in git, as lower-case hexadecimal (40 digits for SHA-1, 64 for SHA-256).
package struct ObjectID: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
    /// Seven digits, as `git log --oneline` shows them.
    package var short: String { String(rawValue.prefix(7)) }
}
