import RalphAgents

extension StreamCase {
    static let codex: [StreamCase] = [
        StreamCase("codex-success.jsonl", exit: 0, "finished")
            .spent(400, 80, read: 2000).session("01a202c2-094e-7b33-ba2c-2a80165a65ad").tools(1).said(
                "Done."
            ),
        StreamCase("codex-banner-noise.jsonl", exit: 0, "finished")
            .spent(10, 2).session("01a0573e").tools(1).odd(3).said("done"),
        StreamCase("codex-command-failed.jsonl", exit: 0, "finished")
            .spent(12_130, 268, read: 21_760).session("019f3661-0000-7000-8000-000000000000")
            .tools(1).said("Hi there friend"),
        StreamCase("codex-file-change.jsonl", exit: 0, "finished")
            .spent(16_755, 74, read: 27_712).session("019ee4c6-4fbc-7f00-8e26-0b552b366fc1")
            .tools(1).said("Created `hello.txt`."),

        refused("usage-limit", "limited", "01a202c2-0a82-7041-97f4-b24e09e94a75").resets(
            "2026-11-22T12:16:00Z"
        ),
        refused("usage-limit-sameday", "limited", "019f90b8-96af-7582-a50f-e158e39fd20b")
            .resets("2026-11-22T15:09:00Z"),
        refused("429", "limited", "01a202c2-0b37-7203-a296-b48a6300a7f3"),
        refused("quota", "billing", "01a202c2-40a7-7c71-818f-67f2bb5a6459"),
        refused("401", "auth", "01a202c2-415a-7af1-bc11-2f571c5ef52b"),
        refused("500", "unavailable", "01a202c2-42da-7b23-be06-0f5b8deae4c6"),
        refused("503-at-capacity", "unavailable", "01a202c2-4618-79c3-9dc9-d667468d8893"),
        refused("context-overflow", "context", "01a202c2-47d7-7870-8145-f0f31fa4ceb3"),
        refused("retry-404-failed", "failed", "019f90b8-96af-7582-a50f-e158e39fd20c"),
        refused("rollout-budget", "budget", "<redacted>").said("ok"),
        StreamCase("codex-no-network-killed.jsonl", .stopped, "unavailable")
            .session("01a204ea-99d4-7592-9ea9-7286dd1837d9"),
        StreamCase("codex-interrupted.jsonl", .signaled(15), "failed")
            .session("01a202c2-5871-7953-9865-502e94fa1c4c"),
    ]

    private static func refused(_ name: String, _ verdict: String, _ session: String) -> StreamCase {
        StreamCase("codex-\(name).jsonl", exit: 1, verdict).session(session)
    }
}
