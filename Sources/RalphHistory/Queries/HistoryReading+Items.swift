internal import GRDB
package import RalphCore

extension HistoryReading {
    /// Nil before a daemon's first start.
    package func project() throws(Failure) -> ProjectRecord? {
        try reader.read { try ProjectRecord.fetchOne($0, "WHERE id = 1") }
    }

    /// Every item ever, also withdrawn ones, in document order.
    package func items() throws(Failure) -> [ItemRecord] {
        try reader.read { try ItemRecord.fetchAll($0, "ORDER BY position, id") }
    }

    /// In document order.
    package func items(in state: ItemState) throws(Failure) -> [ItemRecord] {
        try reader.read {
            try ItemRecord.fetchAll($0, "WHERE state = ? ORDER BY position, id", [state.rawValue])
        }
    }

    /// Those that have or had this key, in document order.
    package func items(key: String) throws(Failure) -> [ItemRecord] {
        try reader.read { try ItemRecord.fetchAll($0, "WHERE key = ? ORDER BY position, id", [key]) }
    }

    package func item(_ id: ItemID) throws(Failure) -> ItemRecord? {
        try reader.read { try ItemRecord.fetchOne($0, "WHERE id = ?", [id.rawValue]) }
    }

    /// How many items are in each state; states without items are left out.
    package func itemCounts() throws(Failure) -> [ItemState: Int] {
        try reader.read { db in
            var counts: [ItemState: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) FROM item GROUP BY state") {
                if let state = ItemState(rawValue: row[0]) { counts[state] = row[1] }
            }
            return counts
        }
    }

    /// By name.
    package func agents() throws(Failure) -> [AgentRecord] {
        try reader.read { try AgentRecord.fetchAll($0, "ORDER BY name") }
    }

    /// Oldest first.
    package func openQuestions() throws(Failure) -> [QuestionRecord] {
        try reader.read { try QuestionRecord.fetchAll($0, "WHERE state = 'open' ORDER BY id") }
    }

    /// Newest first, of all states.
    package func questions(of item: ItemID) throws(Failure) -> [QuestionRecord] {
        try reader.read {
            try QuestionRecord.fetchAll($0, "WHERE item = ? ORDER BY id DESC", [item.rawValue])
        }
    }

    package func question(_ id: QuestionID) throws(Failure) -> QuestionRecord? {
        try reader.read { try QuestionRecord.fetchOne($0, "WHERE id = ?", [id.rawValue]) }
    }

    /// Newest first.
    package func learnings(limit: Int) throws(Failure) -> [LearningRecord] {
        try reader.read { try LearningRecord.fetchAll($0, "ORDER BY id DESC LIMIT ?", [limit]) }
    }
}
