internal import GRDB

extension Schema {
    /// Reservations, what is assumed where nobody knows a cost, what each item was charged with, and sums by item.
    static let money = """
        ALTER TABLE iteration ADD COLUMN reserved_usd REAL CHECK (reserved_usd >= 0);
        ALTER TABLE iteration ADD COLUMN reserved_tokens INTEGER CHECK (reserved_tokens >= 0);
        ALTER TABLE iteration ADD COLUMN assumed_usd REAL CHECK (assumed_usd >= 0);
        ALTER TABLE iteration ADD COLUMN assumed_tokens INTEGER CHECK (assumed_tokens >= 0);
        CREATE INDEX iteration_assumed ON iteration (id)
            WHERE assumed_usd IS NOT NULL OR assumed_tokens IS NOT NULL;

        ALTER TABLE item ADD COLUMN spent_usd REAL NOT NULL DEFAULT 0 CHECK (spent_usd >= 0);
        ALTER TABLE item ADD COLUMN spent_tokens INTEGER NOT NULL DEFAULT 0 CHECK (spent_tokens >= 0);
        ALTER TABLE item ADD COLUMN is_out_of_budget INTEGER NOT NULL DEFAULT 0
            CHECK (is_out_of_budget IN (0, 1));

        CREATE TABLE item_spend (
            item INTEGER PRIMARY KEY,
            \(itemSums.map { "\($0.name) \($0.name == "usd" ? "REAL" : "INTEGER") NOT NULL" }.joined(separator: ", "))
        ) STRICT;
        INSERT INTO item_spend SELECT item, \(itemSums.map { "sum(\($0.value("iteration")))" }.joined(separator: ", "))
            FROM iteration WHERE outcome IS NOT NULL GROUP BY item;
        CREATE TRIGGER item_spend_on_insert AFTER INSERT ON iteration WHEN new.outcome IS NOT NULL BEGIN
            \(addToItem("new", sign: ""))
        END;
        CREATE TRIGGER item_spend_on_undo AFTER UPDATE ON iteration WHEN old.outcome IS NOT NULL BEGIN
            \(addToItem("old", sign: "-"))
        END;
        CREATE TRIGGER item_spend_on_end AFTER UPDATE ON iteration WHEN new.outcome IS NOT NULL BEGIN
            \(addToItem("new", sign: ""))
        END;
        CREATE TRIGGER item_spend_on_delete AFTER DELETE ON iteration WHEN old.outcome IS NOT NULL BEGIN
            \(addToItem("old", sign: "-"))
        END;
        """

    /// Lets a hold say that it is about the budget. SQLite cannot change a `CHECK`, so the one-row table is made anew.
    static func allowBudgetHold(_ db: Database) throws {
        let sql = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_master WHERE name = 'project'") ?? ""
        guard let body = sql.firstIndex(of: "("), !sql.contains("'budget'") else { return }
        let columns = sql[body...].replacing(
            "'environment',",
            with: "'environment', 'budget',",
            maxReplacements: 1
        )
        try db.execute(
            sql: """
                CREATE TABLE project_new \(columns);
                INSERT INTO project_new SELECT * FROM project;
                DROP TABLE project;
                ALTER TABLE project_new RENAME TO project;
                """
        )
    }

    struct ItemSum: Sendable {
        var name: String
        var value: @Sendable (_ row: String) -> String
    }

    static let itemSums: [ItemSum] = [
        ItemSum(name: "iterations") { _ in "1" },
        ItemSum(name: "landed") { "(\($0).outcome = 'landed')" },
        ItemSum(name: "strikes") { "\($0).is_strike" },
        ItemSum(name: "usd") { "coalesce(\($0).cost_usd, 0.0)" },
        ItemSum(name: "known") { "(\($0).cost_usd IS NOT NULL)" },
        ItemSum(name: "unknown") {
            "(\($0).cost_usd IS NULL AND \($0).stage <> 'preparing' AND \($0).outcome <> 'agent_missing')"
        },
        ItemSum(name: "tokens_input") { "coalesce(\($0).tokens_input, 0)" },
        ItemSum(name: "tokens_output") { "coalesce(\($0).tokens_output, 0)" },
        ItemSum(name: "tokens_cache_read") { "coalesce(\($0).tokens_cache_read, 0)" },
        ItemSum(name: "tokens_cache_write") { "coalesce(\($0).tokens_cache_write, 0)" },
        ItemSum(name: "duration_ms") { "(\($0).ended_at - \($0).started_at)" },
    ]

    static func addToItem(_ row: String, sign: String, _ sums: [ItemSum] = itemSums) -> String {
        """
        INSERT INTO item_spend VALUES (\(row).item, \(sums.map { "\(sign)\($0.value(row))" }.joined(separator: ", ")))
        ON CONFLICT DO UPDATE SET
            \(sums.map { "\($0.name) = \($0.name) + excluded.\($0.name)" }.joined(separator: ", "));
        """
    }
}
