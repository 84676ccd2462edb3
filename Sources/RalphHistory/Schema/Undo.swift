extension Schema {
    /// Landings that a person wants taken back.
    static let undoTable = """
        CREATE TABLE undo (
            item INTEGER PRIMARY KEY REFERENCES item (id),
            iteration INTEGER NOT NULL REFERENCES iteration (id),
            landed_commit TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            reverted_commit TEXT
        ) STRICT;
        """
}
