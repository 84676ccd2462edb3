internal import GRDB
package import RalphCore

internal import struct Foundation.Date

/// How the project's checks stand on a commit of the target.
extension HistoryReading {
    /// Iterations that are looked through for a run on the commit: more than begin on one tip.
    private static var nearby: Int64 { 200 }

    /// What the project's checks said last of a commit as it is, by a run or a receipt; empty when nobody asked them. An item's
    /// own checks are left out.
    package func checks(on commit: ObjectID) throws(Failure) -> [CheckResult] {
        try reader.read { db in
            let run = try Self.lastRun(on: commit, db)
            let receipt = try Self.lastReceipt(of: commit, db)
            guard let receipt, receipt.at > run.at else { return run.results }
            return receipt.results
        }
    }

    /// How long a check of this name took when it last came to an end.
    package func lastDuration(ofCheck name: String) throws(Failure) -> Duration? {
        try reader.read {
            try Int64.fetchOne(
                $0,
                sql:
                    "SELECT duration_ms FROM check_run WHERE id > (SELECT max(id) - ? FROM check_run) AND name = ? "
                    + "ORDER BY id DESC LIMIT 1",
                arguments: [Self.nearby, name]
            )
        }.map { .milliseconds($0) }
    }

    private static func lastRun(on commit: ObjectID, _ db: Database) throws -> (
        at: Date, results: [CheckResult]
    ) {
        let rows = try CheckRow.fetchAll(
            db,
            """
            WHERE subject = 'base' AND iteration = (
                SELECT max(iteration.id) FROM iteration
                WHERE iteration.id > (SELECT coalesce(max(id), 0) - ? FROM iteration) AND base = ?
                    AND EXISTS (SELECT 1 FROM check_run
                        WHERE check_run.iteration = iteration.id AND subject = 'base'
                            AND name <> '\(Check.itemName)' AND name NOT LIKE '\(Check.itemName)-%'))
            ORDER BY id
            """,
            [nearby, commit.rawValue]
        ).filter { !Check.isItems($0.result.name) }
        var latest: [CheckResult] = []
        for result in rows.map(\.result) {
            if let index = latest.firstIndex(where: { $0.name == result.name }) {
                latest[index] = result
            } else {
                latest.append(result)
            }
        }
        return (rows.map(\.endedAt).max() ?? .distantPast, latest)
    }

    private static func lastReceipt(of commit: ObjectID, _ db: Database) throws
        -> (at: Date, results: [CheckResult])?
    {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT at, results FROM receipt WHERE tree = ? ORDER BY at DESC",
            arguments: [commit.rawValue]
        )
        for row in rows {
            let results: [CheckResult] = (try? NestedText.decode(row[1])) ?? []
            guard !results.isEmpty, !results.contains(where: { Check.isItems($0.name) }) else { continue }
            return (Date(milliseconds: row[0]), results)
        }
        return nil
    }
}
