internal import GRDB
package import RalphCore

package import struct Foundation.Date

extension HistoryReading {
    /// Newest first, of one item or of all; `before` is the last id of the page before.
    package func iterations(
        item: ItemID? = nil,
        limit: Int,
        before: IterationID? = nil
    ) throws(Failure) -> [IterationRecord] {
        let last = before?.rawValue ?? .max
        return try reader.read { db in
            guard let item else {
                return try IterationRecord.fetchAll(
                    db,
                    "WHERE id < ? ORDER BY id DESC LIMIT ?",
                    [last, limit]
                )
            }
            return try IterationRecord.fetchAll(
                db,
                "WHERE item = ? AND id < ? ORDER BY id DESC LIMIT ?",
                [item.rawValue, last, limit]
            )
        }
    }

    package func iteration(_ id: IterationID) throws(Failure) -> IterationRecord? {
        try reader.read { try IterationRecord.fetchOne($0, "WHERE id = ?", [id.rawValue]) }
    }

    /// By the UUID of a commit's `Ralph-Iteration:` trailer or a process's mark.
    package func iteration(uuid: String) throws(Failure) -> IterationRecord? {
        try reader.read { try IterationRecord.fetchOne($0, "WHERE uuid = ?", [uuid]) }
    }

    package func latestIteration(of item: ItemID) throws(Failure) -> IterationRecord? {
        try iterations(item: item, limit: 1).first
    }

    /// Those without an outcome, oldest first: what runs now, or what a crash left behind.
    package func openIterations() throws(Failure) -> [IterationRecord] {
        try reader.read { try IterationRecord.fetchAll($0, "WHERE outcome IS NULL ORDER BY id") }
    }

    /// Iterations that ended at or after an instant, oldest first.
    package func iterations(endedSince since: Date) throws(Failure) -> [IterationRecord] {
        try reader.read {
            try IterationRecord.fetchAll(
                $0,
                "WHERE ended_at >= ? ORDER BY ended_at, id",
                [since.milliseconds]
            )
        }
    }

    /// Iterations that landed, newest first.
    package func landings(limit: Int) throws(Failure) -> [IterationRecord] {
        try reader.read {
            try IterationRecord.fetchAll($0, "WHERE outcome = 'landed' ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// Landings that were begun and not yet finished, oldest first, for recovery.
    package func openLandings() throws(Failure) -> [LandingIntent] {
        try reader.read { try LandingRow.fetchOpen($0) }
    }

    /// In the order in which they ran.
    package func checks(
        of iteration: IterationID,
        subject: CheckSubject = .candidate
    ) throws(Failure) -> [CheckResult] {
        try checks(of: [iteration], subject: subject)[iteration] ?? []
    }

    /// The checks of a page of iterations at once.
    package func checks(
        of iterations: [IterationID],
        subject: CheckSubject = .candidate
    ) throws(Failure) -> [IterationID: [CheckResult]] {
        try reader.read { db in
            let places = iterations.map { _ in "?" }.joined(separator: ", ")
            let rows = try CheckRow.fetchAll(
                db,
                "WHERE iteration IN (\(places)) AND subject = ? ORDER BY id",
                StatementArguments(iterations.map(\.rawValue)) + [subject.rawValue]
            )
            return Dictionary(grouping: rows, by: \.iteration).mapValues { $0.map(\.result) }
        }
    }

    /// What the checks with this hash said of a tree, if they ran on it.
    package func receipt(tree: ObjectID, checksHash: String) throws(Failure) -> [CheckResult]? {
        try reader.read { db in
            let text = try String.fetchOne(
                db,
                sql: "SELECT results FROM receipt WHERE tree = ? AND checks_hash = ?",
                arguments: [tree.rawValue, checksHash]
            )
            // A receipt of an older version that cannot be read is no receipt: the checks run again.
            return text.flatMap { try? NestedText.decode($0) }
        }
    }
}
