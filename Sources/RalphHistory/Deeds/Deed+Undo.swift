internal import GRDB
package import RalphCore

extension UndoRecord: StoredRow {
    static let shape = RowShape(
        table: "undo",
        columns: ["item", "iteration", "landed_commit", "asked_at", "reverted_commit"]
    )

    func write(to row: inout RowWriter) {
        row.add(item)
        row.add(iteration)
        row.add(landed)
        row.add(askedAt)
        row.add(reverted)
    }

    init(_ row: inout RowReader) throws {
        self.init(
            item: ItemID(try row.next()),
            iteration: IterationID(try row.next()),
            landed: try row.objectID(),
            askedAt: try row.date()
        )
        reverted = try row.optionalObjectID()
    }
}

extension SQLiteHistory {
    /// Writes that a landing is to be taken back, or how far that is, with a note for who waits for it.
    package func save(undo: UndoRecord, _ step: UndoStep, _ message: String) throws(Failure) {
        try perform { deed in
            try undo.upsert(deed.db)
            try deed.tell(undo, step, message)
        }
    }

    /// Ends an undo: its box is open, or it failed. Without a message nobody is told.
    package func end(undo: UndoRecord, _ step: UndoStep, _ message: String?) throws(Failure) {
        try perform { deed in
            try deed.db.execute(sql: "DELETE FROM undo WHERE item = ?", arguments: [undo.item.rawValue])
            if let message { try deed.tell(undo, step, message) }
        }
    }
}

extension Deed {
    fileprivate mutating func tell(_ undo: UndoRecord, _ step: UndoStep, _ message: String) throws {
        try tell(
            .note,
            item: undo.item,
            iteration: undo.iteration,
            ["undo": step.rawValue, "message": message, "commit": undo.reverted?.rawValue]
        )
    }
}

extension HistoryReading {
    /// In the order in which they were asked for.
    package func undos() throws(Failure) -> [UndoRecord] {
        try reader.read { try UndoRecord.fetchAll($0, "ORDER BY asked_at, item") }
    }
}
