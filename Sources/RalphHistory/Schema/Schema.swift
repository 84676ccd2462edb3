internal import GRDB
internal import RalphCore

/// The schema's timeline: each version is a migration that, once released, is never edited.
enum Schema {
    /// In the file's header, so that another program's database is not taken for a history ("RLPH").
    static let applicationID: Int32 = 0x524C_5048

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: tables1)
            try db.execute(sql: spendTriggers1)
            try db.execute(sql: views1)
        }
        migrator.registerMigration("undo") { try $0.execute(sql: undoTable) }
        migrator.registerMigration("agent events") { db in
            // The report looks for them among all that ever happened.
            try db.execute(sql: "CREATE INDEX event_of_agent ON event (id) WHERE kind = 'agent_changed'")
        }
        migrator.registerMigration("money") { db in
            try db.execute(sql: money)
            try allowBudgetHold(db)
        }
        migrator.registerMigration("unpriced") { try $0.execute(sql: unpriced) }
        migrator.registerMigration("block agent") {
            try $0.execute(sql: "ALTER TABLE item ADD COLUMN block_agent TEXT")
        }
        migrator.registerMigration("charged day") { db in
            try db.execute(
                sql: """
                    ALTER TABLE iteration ADD COLUMN charged_at INTEGER;
                    ALTER TABLE item ADD COLUMN forgiven_usd REAL NOT NULL DEFAULT 0;
                    ALTER TABLE item ADD COLUMN forgiven_tokens INTEGER NOT NULL DEFAULT 0;
                    """
            )
        }
        migrator.registerMigration("notified") {
            try $0.execute(sql: "CREATE TABLE notified (need TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
        }
        return migrator
    }

    /// Refuses a file that this program must not write to: another program's, or a later version's.
    static func assertOurs(_ db: Database, file: String) throws {
        let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard try isEmpty(db) || id == applicationID else {
            throw Failure(
                storage: .damaged,
                "\(file) is a database of another program: pass another --state-dir or move the file aside"
            )
        }
        guard try !migrator.hasBeenSuperseded(db) else {
            throw Failure(
                storage: .newer,
                "\(file) was written by a later version of ralphd: install that version, or pass another --state-dir"
            )
        }
    }

    /// Whether every migration of this program has been applied.
    static func isCurrent(_ db: Database) throws -> Bool { try migrator.hasCompletedMigrations(db) }

    /// Whether nothing was ever made in the file.
    static func isEmpty(_ db: Database) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)") ?? true
    }
}
