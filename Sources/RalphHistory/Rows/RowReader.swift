internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

/// Reads a row's columns one after another. By place, because looking up names costs more than all else together.
struct RowReader {
    /// A row that this program would not have written.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private let row: Row
    private let table: String
    private var index = 0

    init(row: Row, table: String) {
        self.row = row
        self.table = table
    }

    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ type: Value.Type = Value.self
    ) throws -> Value {
        defer { index += 1 }
        return try row.decode(type, atIndex: index)
    }

    mutating func date() throws -> Date { Date(milliseconds: try next()) }

    mutating func optionalDate() throws -> Date? { try next(Int64?.self).map(Date.init(milliseconds:)) }

    /// A value of a closed set.
    mutating func word<Word: RawRepresentable<String>>(_ type: Word.Type = Word.self) throws -> Word {
        guard let word: Word = try optionalWord() else {
            throw Problem(description: "\(table): column \(index) is empty")
        }
        return word
    }

    mutating func optionalWord<Word: RawRepresentable<String>>(_ type: Word.Type = Word.self) throws -> Word?
    {
        guard let text = try next(String?.self) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Problem(description: "\(table): column \(index) has \(text)")
        }
        return word
    }

    mutating func objectID() throws -> ObjectID { ObjectID(try next(String.self)) }

    mutating func optionalObjectID() throws -> ObjectID? { try next(String?.self).map { ObjectID($0) } }

    /// Nested data. What this version of the program cannot read is taken as absent: it helps, but nothing depends on it.
    mutating func nested<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value? {
        try next(String?.self).flatMap { try? NestedText.decode($0, as: type) }
    }

    /// What ``StringList`` wrote.
    mutating func strings() throws -> [String] { StringList.decode(try next()) }

    mutating func keptWork() throws -> KeptWork? {
        let commit = try optionalObjectID()
        let base = try optionalObjectID()
        let (files, insertions, deletions) = (try next(Int?.self), try next(Int?.self), try next(Int?.self))
        guard let commit, let base else { return nil }
        return KeptWork(
            commit: commit,
            base: base,
            filesChanged: files ?? 0,
            insertions: insertions ?? 0,
            deletions: deletions ?? 0
        )
    }
}
