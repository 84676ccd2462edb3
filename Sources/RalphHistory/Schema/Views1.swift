extension Schema {
    /// What people read with `sqlite3`: ISO times in UTC, sections as text, one row per item or iteration.
    static let views1 = """
        CREATE VIEW v_items AS SELECT
            item.id, item.key, item.title,
            (SELECT group_concat(value, ' > ') FROM json_each(item.section)) AS section,
            item.line, item.state, item.reason, \(iso("item.wait_until")) AS wait_until,
            coalesce(json_extract(item.attributes, '$.priority'), 3) AS priority,
            item.strikes, item.iterations,
            item.block_kind AS blocked_as, \(iso("item.block_since")) AS blocked_since,
            item.kept_commit, item.landed_commit AS "commit", item.is_tick_owed AS tick_owed, item.note,
            \(iso("item.created_at")) AS created_at, \(iso("item.done_at")) AS done_at,
            item.position
        FROM item;

        CREATE VIEW v_iterations AS SELECT
            iteration.id, iteration.item, item.key AS item_key, item.title AS item_title, iteration.ordinal,
            iteration.agent, coalesce(iteration.model, iteration.model_requested) AS model,
            iteration.stage, iteration.outcome, iteration.is_strike AS strike,
            \(iso("iteration.started_at")) AS started_at, \(iso("iteration.ended_at")) AS ended_at,
            iteration.ended_at - iteration.started_at AS duration_ms,
            iteration.exit_code, iteration.signal, iteration.turns, iteration.tool_calls,
            iteration.tokens_input, iteration.tokens_output, iteration.tokens_cache_read, iteration.tokens_cache_write,
            iteration.cost_usd, iteration.cost_kind, \(iso("iteration.limit_reset")) AS limit_reset,
            iteration.base, iteration.candidate, iteration.landed_commit AS "commit", iteration.kept_commit,
            iteration.error, iteration.summary, iteration.uuid, iteration.log_directory
        FROM iteration JOIN item ON item.id = iteration.item;
        """

    private static func iso(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000.0, 'unixepoch')"
    }
}
