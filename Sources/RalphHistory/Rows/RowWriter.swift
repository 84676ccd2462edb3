internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

/// Collects a row's values in the order of its columns. The counterpart of ``RowReader``.
struct RowWriter {
    private(set) var values: [DatabaseValue] = []

    init() {
        let mostColumns = 40
        values.reserveCapacity(mostColumns)
    }

    /// SQLite cuts text at a NUL when it is read, and a check's output may well have one.
    mutating func add(_ text: String?) {
        guard let text, text.utf8.contains(0) else { return values.append(text?.databaseValue ?? .null) }
        values.append(text.replacing("\u{0}", with: "\u{FFFD}").databaseValue)
    }

    mutating func add(_ number: Int?) { values.append(number?.databaseValue ?? .null) }
    mutating func add(_ number: Int32?) { values.append(number?.databaseValue ?? .null) }
    mutating func add(_ number: Int64?) { values.append(number?.databaseValue ?? .null) }
    mutating func add(_ number: Double?) { values.append(number?.databaseValue ?? .null) }
    mutating func add(_ flag: Bool?) { values.append(flag?.databaseValue ?? .null) }
    mutating func add(_ instant: Date?) { add(instant?.milliseconds) }
    mutating func add(_ object: ObjectID?) { add(object?.rawValue) }
    mutating func add(_ word: (some RawRepresentable<String>)?) { add(word?.rawValue) }
    mutating func add(_ id: (some RawRepresentable<Int64>)?) { add(id?.rawValue) }

    /// Nested data, as JSON text.
    mutating func nest(_ value: (some Encodable)?) { add(NestedText.encode(value)) }

    mutating func add(_ strings: [String]) { add(StringList.encode(strings)) }

    /// The five columns of ``KeptWork/columns``.
    mutating func add(_ kept: KeptWork?) {
        add(kept?.commit)
        add(kept?.base)
        add(kept?.filesChanged)
        add(kept?.insertions)
        add(kept?.deletions)
    }
}

extension KeptWork {
    static let columns = ["kept_commit", "kept_base", "kept_files", "kept_insertions", "kept_deletions"]
}
