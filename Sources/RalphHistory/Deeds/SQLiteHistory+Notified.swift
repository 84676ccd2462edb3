internal import GRDB
package import RalphCore

extension SQLiteHistory {
    /// What a person was told to be needed for, and is still, as far as is known.
    package func saveNotified(_ needs: Set<String>) throws(Failure) {
        try perform { deed in
            try deed.db.execute(sql: "DELETE FROM notified")
            for need in needs.sorted() {
                try deed.db.execute(sql: "INSERT INTO notified (need) VALUES (?)", arguments: [need])
            }
        }
    }
}

extension HistoryReading {
    package func notified() throws(Failure) -> Set<String> {
        try reader.read { Set(try String.fetchAll($0, sql: "SELECT need FROM notified")) }
    }
}
