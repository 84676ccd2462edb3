internal import GRDB
package import RalphCore

/// What the checks said of a tree or commit.
package struct Receipt: Equatable, Sendable {
    package var tree: ObjectID
    package var checksHash: String
    package var results: [CheckResult]

    package init(tree: ObjectID, checksHash: String, results: [CheckResult]) {
        self.tree = tree
        self.checksHash = checksHash
        self.results = results
    }
}

extension Deed {
    func save(receipts: [Receipt]) throws {
        for receipt in receipts {
            try db.execute(
                sql: """
                    INSERT INTO receipt VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET results = excluded.results, at = excluded.at
                    """,
                arguments: [
                    receipt.tree.rawValue, receipt.checksHash, NestedText.encode(receipt.results),
                    now.milliseconds,
                ]
            )
        }
    }
}
