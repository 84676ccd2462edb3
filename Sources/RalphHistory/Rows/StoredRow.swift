internal import GRDB

/// A record that is one row of one table. Its shape's columns are written and read in the same order.
protocol StoredRow {
    static var shape: RowShape { get }
    func write(to row: inout RowWriter)
    init(_ row: inout RowReader) throws
}

extension StoredRow {
    static func fetchAll(_ db: Database, _ rest: String, _ arguments: StatementArguments = []) throws
        -> [Self]
    {
        let statement = try db.cachedStatement(sql: "\(shape.selection) \(rest)")
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var records: [Self] = []
        while let row = try cursor.next() {
            var reader = RowReader(row: row, table: shape.table)
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
        try execute(db, Self.shape.insertion) { $0.dropFirst() }
        return db.lastInsertedRowID
    }

    /// Writes the row with this key; false when there is none.
    func update(_ db: Database) throws -> Bool {
        try execute(db, Self.shape.update) { $0.dropFirst() + $0.prefix(1) }
        return db.changesCount == 1
    }

    /// Writes the row with this key, new or not.
    func upsert(_ db: Database) throws { try execute(db, Self.shape.upsert) { $0[...] } }

    private func execute(
        _ db: Database,
        _ sql: String,
        _ order: ([DatabaseValue]) -> ArraySlice<DatabaseValue>
    ) throws {
        var row = RowWriter()
        write(to: &row)
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(order(row.values)))
    }
}
