extension Schema {
    /// Sums of ended iterations by the host's day, kept by triggers in the transaction that ends an iteration, so that
    /// totals cost the same after a million iterations as after one.
    ///
    /// `cost_kind` is `none` where no agent ran: then nothing was spent, and the cost is not *unknown*.
    static let spendTriggers1 = """
        CREATE TABLE spend (
            day TEXT NOT NULL,
            agent TEXT NOT NULL,
            model TEXT NOT NULL,
            outcome TEXT NOT NULL,
            cost_kind TEXT NOT NULL CHECK (cost_kind IN ('quoted', 'plan', 'derived', 'unknown', 'none')),
            iterations INTEGER NOT NULL,
            strikes INTEGER NOT NULL,
            usd REAL NOT NULL,
            tokens_input INTEGER NOT NULL,
            tokens_output INTEGER NOT NULL,
            tokens_cache_read INTEGER NOT NULL,
            tokens_cache_write INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL,
            PRIMARY KEY (day, agent, model, outcome, cost_kind)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER spend_on_insert AFTER INSERT ON iteration WHEN new.outcome IS NOT NULL BEGIN
            \(add("new", sign: 1))
        END;
        CREATE TRIGGER spend_on_undo AFTER UPDATE ON iteration WHEN old.outcome IS NOT NULL BEGIN
            \(add("old", sign: -1))
        END;
        CREATE TRIGGER spend_on_end AFTER UPDATE ON iteration WHEN new.outcome IS NOT NULL BEGIN
            \(add("new", sign: 1))
        END;
        CREATE TRIGGER spend_on_delete AFTER DELETE ON iteration WHEN old.outcome IS NOT NULL BEGIN
            \(add("old", sign: -1))
        END;
        """

    private static func add(_ row: String, sign: Int) -> String {
        func signed(_ value: String) -> String { sign < 0 ? "-(\(value))" : value }
        let sums = [
            "iterations", "strikes", "usd", "tokens_input", "tokens_output", "tokens_cache_read",
            "tokens_cache_write", "duration_ms",
        ]
        return """
            INSERT INTO spend VALUES (
                date(\(row).ended_at / 1000, 'unixepoch', 'localtime'),
                \(row).agent,
                coalesce(\(row).model, \(row).model_requested, ''),
                \(row).outcome,
                CASE WHEN \(row).cost_kind = 'unknown'
                    AND (\(row).stage = 'preparing' OR \(row).outcome = 'agent_missing')
                    THEN 'none' ELSE \(row).cost_kind END,
                \(signed("1")),
                \(signed("\(row).is_strike")),
                \(signed("coalesce(\(row).cost_usd, 0)")),
                \(signed("coalesce(\(row).tokens_input, 0)")),
                \(signed("coalesce(\(row).tokens_output, 0)")),
                \(signed("coalesce(\(row).tokens_cache_read, 0)")),
                \(signed("coalesce(\(row).tokens_cache_write, 0)")),
                \(signed("\(row).ended_at - \(row).started_at"))
            ) ON CONFLICT DO UPDATE SET
                \(sums.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "));
            """
    }
}
