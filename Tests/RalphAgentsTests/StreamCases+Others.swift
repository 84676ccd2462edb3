import RalphAgents
import RalphCore

extension StreamCase {
    static let gemini: [StreamCase] = [
        StreamCase("gemini-success.jsonl", exit: 0, "finished").spent(5000, 250, read: 9000)
            .session("test-session-id").model("gemini-2.5-pro").tools(1).said("Final answer"),
        // Both say success and are none.
        StreamCase("gemini-loop-detected.jsonl", exit: 0, "failed").spent(0, 0)
            .session("test-session-id").model("test-model"),
        StreamCase("gemini-max-turns-event.jsonl", exit: 0, "turns").spent(0, 0)
            .session("test-session-id").model("test-model"),
        StreamCase("gemini-max-turns-53.jsonl", exit: 53, "turns").spent(0, 0)
            .session("0a1b").model("gemini-2.5-pro"),
        StreamCase("gemini-quota.jsonl", exit: 173, "limited").spent(0, 0).session("0a1b")
            .model("gemini-2.5-pro").limits("gemini-2.5-pro").resets("2026-11-23T05:19:47Z"),
    ]

    static let geminiErrors: [StreamCase] = [
        StreamCase("gemini-result-error.json", exit: 41, "auth").onStandardError()
    ]

    static let opencode: [StreamCase] = [
        StreamCase("opencode-success.jsonl", exit: 0, "finished").spent(8349, 95, read: 7680)
            .session("ses_fd1c15233ffeiwqf92JsdPfahU").turns(2).tools(1).said("NANOPY_EVENT_PROBE_20260823"),
        StreamCase("opencode-done-frame.jsonl", exit: 0, "finished").spent(100, 20).cost(.quoted(0.0012))
            .session("ses_f2b1").turns(1).said("ok"),
        StreamCase("opencode-error-401.jsonl", exit: 1, "auth").session("ses_f2b0"),
    ]

    static let cursor: [StreamCase] = [
        StreamCase("cursor-success.jsonl", exit: 0, "finished").spent(12_983, 96, read: 5957)
            .session("c6b62c6f-7ead-4fd6-9922-e952131177ff").model("Claude 4 Sonnet").tools(1)
            .said("I'll read the README.md file and create a summary"),
        StreamCase("cursor-shell.jsonl", exit: 0, "finished").session("test-session-id").model("test-model")
            .tools(1).said("Final answer."),
        StreamCase("cursor-resource-exhausted.jsonl", exit: 1, "limited")
            .session("c6b62c6f-7ead-4fd6-9922-e952131177ff").model("Auto"),
    ]

    static let copilot: [StreamCase] = [
        StreamCase("copilot-success.jsonl", exit: 0, "finished").spent(0, 34)
            .session("d60f7463-5d66-44b2-b8c4-60a0c0c36289").model("claude-sonnet-4.6").turns(1)
            .said("Xin chào từ Copilot CLI."),
        StreamCase("copilot-tools.jsonl", exit: 0, "finished").turns(1).tools(1).said("Let me inspect that."),
        StreamCase("copilot-quota.jsonl", exit: 0, "billing").model("claude-sonnet-4.6"),
    ]

    static let amp: [StreamCase] = [
        StreamCase("amp-success.jsonl", exit: 0, "finished").spent(7, 13, read: 14_009, write: 3)
            .session("T-019e47a8-5090-7538-9035-f2fde26859b7").turns(1).said("4"),
        StreamCase("amp-error.jsonl", exit: 1, "billing").session("T-1").turns(1),
        StreamCase("amp-not-authenticated.jsonl", exit: 1, "auth"),
    ]

    static let goose: [StreamCase] = [
        StreamCase("goose-success.jsonl", exit: 0, "finished").spent(3453, 5, read: 9984).cost(
            .quoted(0.0045)
        )
        .tools(1).said("The directory listed above."),
        StreamCase("goose-silent-empty.jsonl", exit: 0, "unavailable"),
        StreamCase("goose-error.jsonl", exit: 0, "limited"),
    ]

    static let qwen: [StreamCase] = [
        StreamCase("qwen-success.jsonl", exit: 0, "finished").spent(1200, 120, read: 2400)
            .session("7d235fdb-0000-4000-8000-000000000001").model("stub-model").turns(3).tools(1)
            .said(#"{"greeting":"hello","n":7}"#),
        StreamCase("qwen-api-error-masked.jsonl", exit: 0, "auth").spent(0, 0)
            .session("7d235fdb-0000-4000-8000-000000000001").model("m").turns(1)
            .said("[API Error: 401 Incorrect API key provided]"),
        StreamCase("qwen-waiting.jsonl", .signaled(15), "unavailable"),
    ]

    static let droid: [StreamCase] = [
        StreamCase("droid-success.jsonl", exit: 0, "finished").spent(10, 3, read: 4, write: 2)
            .session("abc-123").model("claude-sonnet-4-6").turns(1).tools(1)
            .said("The ls command has been executed successfully."),
        StreamCase("droid-0.232.jsonl", exit: 0, "finished").spent(100, 20, read: 50, write: 10)
            .session("sess-1").turns(2).tools(1).said("Done."),
        StreamCase("droid-json.json", exit: 0, "finished").session("8af22e0a-d222-42c6-8c7e-7a059e391b0b")
            .turns(1).said("…"),
        StreamCase("droid-error.jsonl", exit: 1, "failed").session("abc-124").model("claude-sonnet-4-6"),
    ]

    static let kimi: [StreamCase] = [
        StreamCase("kimi-success.jsonl", exit: 0, "finished").session("0f8fad5b-d9cb-469f-a165-70867728950e")
            .tools(1).said("There are two Python files in the current directory."),
        StreamCase("kimi-quota.jsonl", exit: 1, "limited").odd(1),
    ]

    static let aider: [StreamCase] = [
        StreamCase("aider-success.txt", exit: 0, "finished").spent(2600, 1100).cost(.quoted(0.02))
            .model("claude-sonnet-4-20250514").turns(1).tools(1),
        StreamCase("aider-auth-error.txt", exit: 0, "auth"),
        StreamCase("aider-rate-limit.txt", exit: 0, "limited"),
    ]
}
