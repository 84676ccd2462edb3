extension Schema {
    /// Lets an iteration say that a part of what it cost is known to nobody, while the rest is known, and counts such ones in
    /// the sums.
    static let unpriced = """
        ALTER TABLE iteration ADD COLUMN is_unpriced INTEGER CHECK (is_unpriced IN (0, 1));
        ALTER TABLE spend ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
        UPDATE spend SET unknown = iterations WHERE cost_kind = 'unknown';
        \(triggers("spend", addToSpend))
        \(triggers("item_spend") { addToItem($0, sign: $1, itemSumsOfParts) })
        """

    /// Whether nobody knows what a part of an iteration cost; rows of earlier versions tell it by their stage.
    static func isUnknown(_ row: String) -> String {
        """
        coalesce(\(row).is_unpriced,
            \(row).cost_usd IS NULL AND \(row).stage <> 'preparing' AND \(row).outcome IS NOT 'agent_missing')
        """
    }

    /// `cost_kind` of an iteration, or `none` where there was nothing to pay.
    static func kind(_ row: String) -> String {
        "CASE WHEN \(row).cost_usd IS NULL AND NOT \(isUnknown(row)) THEN 'none' ELSE \(row).cost_kind END"
    }

    private static let itemSumsOfParts = itemSums.map {
        $0.name == "unknown" ? ItemSum(name: $0.name, value: isUnknown) : $0
    }

    private static func triggers(_ table: String, _ add: (_ row: String, _ sign: String) -> String) -> String
    {
        let all = [
            ("insert", "INSERT", "new", ""), ("undo", "UPDATE", "old", "-"), ("end", "UPDATE", "new", ""),
            ("delete", "DELETE", "old", "-"),
        ]
        return all.map { name, event, row, sign in
            """
            DROP TRIGGER \(table)_on_\(name);
            CREATE TRIGGER \(table)_on_\(name) AFTER \(event) ON iteration WHEN \(row).outcome IS NOT NULL BEGIN
                \(add(row, sign))
            END;
            """
        }.joined(separator: "\n")
    }

    private static func addToSpend(_ row: String, sign: String) -> String {
        let keys = [
            ("day", "date(\(row).ended_at / 1000, 'unixepoch', 'localtime')"), ("agent", "\(row).agent"),
            ("model", "coalesce(\(row).model, \(row).model_requested, '')"), ("outcome", "\(row).outcome"),
            ("cost_kind", kind(row)),
        ]
        let tokens = ["tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write"]
        let sums =
            [
                ("iterations", "1"), ("strikes", "\(row).is_strike"),
                ("usd", "coalesce(\(row).cost_usd, 0)"), ("unknown", isUnknown(row)),
                ("duration_ms", "\(row).ended_at - \(row).started_at"),
            ] + tokens.map { ($0, "coalesce(\(row).\($0), 0)") }
        let values = keys.map(\.1) + sums.map { "\(sign)(\($0.1))" }
        return """
            INSERT INTO spend (\((keys + sums).map(\.0).joined(separator: ", ")))
            VALUES (\(values.joined(separator: ", "))) ON CONFLICT DO UPDATE SET
                \(sums.map { "\($0.0) = \($0.0) + excluded.\($0.0)" }.joined(separator: ", "));
            """
    }
}
