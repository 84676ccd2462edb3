internal import GRDB

/// A record that is one row of one table. Columns, values and reading have the same order; the first column is the key.
protocol StoredRow {
    static var table: String { get }
    static var columns: [String] { get }
    var values: [(any DatabaseValueConvertible)?] { get }
    init(_ row: inout RowReader) throws
}

extension StoredRow {
    /// `SELECT <all columns> FROM <table>`, to be continued.
    static var selection: String { "SELECT \(columns.joined(separator: ", ")) FROM \(table)" }

    static func fetchAll(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws
        -> [Self]
    {
        let statement = try db.cachedStatement(sql: "\(selection) \(rest)")
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var records: [Self] = []
        while let row = try cursor.next() {
            var reader = RowReader(row: row, table: table)
            records.append(try Self(&reader))
        }
        return records
    }

    static func fetchOne(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws -> Self?
    {
        try fetchAll(db, rest, arguments).first
    }

    /// Inserts under a new key, which it returns.
    func insertNew(_ db: Database) throws -> Int64 {
        let columns = Self.columns.dropFirst()
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let sql = "INSERT INTO \(Self.table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
        try db.cachedStatement(sql: sql).execute(arguments: Self.arguments(values.dropFirst()))
        return db.lastInsertedRowID
    }

    /// Writes the row with this key; false when there is none.
    func update(_ db: Database) throws -> Bool {
        let assignments = Self.columns.dropFirst().map { "\($0) = ?" }.joined(separator: ", ")
        let sql = "UPDATE \(Self.table) SET \(assignments) WHERE \(Self.columns[0]) = ?"
        let values = values
        try db.cachedStatement(sql: sql).execute(
            arguments: Self.arguments(values.dropFirst() + values.prefix(1))
        )
        return db.changesCount == 1
    }

    /// Writes the row with this key, new or not.
    func upsert(_ db: Database) throws {
        let places = Self.columns.map { _ in "?" }.joined(separator: ", ")
        let assignments = Self.columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        let sql = """
            INSERT INTO \(Self.table) (\(Self.columns.joined(separator: ", "))) VALUES (\(places))
            ON CONFLICT (\(Self.columns[0])) DO UPDATE SET \(assignments)
            """
        try db.cachedStatement(sql: sql).execute(arguments: Self.arguments(values[...]))
    }

    /// SQLite cuts text at a NUL when it is read; a check's output may well have one.
    private static func arguments(_ values: ArraySlice<(any DatabaseValueConvertible)?>) -> StatementArguments
    {
        StatementArguments(
            values.map { value in
                guard let text = value as? String, text.utf8.contains(0) else { return value }
                return text.replacing("\u{0}", with: "\u{FFFD}")
            }
        )
    }
}
