internal import GRDB
package import RalphCore

package import struct Foundation.Date

/// What the history lets go of, so that years of it stay small. Items, iterations, verdicts and sums are kept for ever.
extension SQLiteHistory {
    /// Rows that one transaction takes, so that a landing never waits long behind the broom.
    private static let batch = 5_000

    /// Forgets events, receipts and the output of checks from before an instant, a batch at a time. Returns whether there is more.
    package func prune(before instant: Date) throws(Failure) -> Bool {
        let limit = Self.batch
        return try perform { deed in
            let counts = try [Self.pruneEvents, Self.pruneReceipts, Self.pruneOutput].map {
                try deed.db.execute(sql: $0, arguments: [instant.milliseconds, limit])
                return deed.db.changesCount
            }
            return counts.contains { $0 >= limit }
        }
    }

    // Events are in the order of time, so only the oldest have to be looked at.
    private static let pruneEvents = """
        DELETE FROM event WHERE at < ?1 AND id <= (SELECT max(id) FROM (SELECT id FROM event ORDER BY id LIMIT ?2))
        """

    private static let pruneReceipts = """
        DELETE FROM receipt WHERE rowid IN (SELECT rowid FROM receipt WHERE at < ?1 ORDER BY at LIMIT ?2)
        """

    private static let pruneOutput = """
        UPDATE check_run SET head = '', tail = '' WHERE id IN (
            SELECT id FROM check_run WHERE (head <> '' OR tail <> '') AND ended_at < ?1 ORDER BY ended_at LIMIT ?2)
        """
}
