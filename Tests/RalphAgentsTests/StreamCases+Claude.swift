import RalphAgents
import RalphCore

extension StreamCase {
    static let claude: [StreamCase] = [
        StreamCase("claude-success.jsonl", exit: 0, "finished")
            .spent(2400, 100, read: 8000, write: 600).cost(.quoted(0.0162))
            .session("3b1f0129-c135-427a-8de3-c943238a79b3").model("claude-opus-5-5")
            .turns(2).tools(1).said("Done."),
        // A warning is no refusal, and a subscription pays.
        StreamCase("claude-limit-warning-then-success.jsonl", exit: 0, "finished")
            .spent(2400, 100, read: 8000, write: 600).cost(.plan(0.0081))
            .session("35d4c5dc-476c-4198-a1f9-c138a82f0949").model("claude-sonnet-5-5")
            .turns(2).tools(1).said("Done."),
        // The auxiliary model's tokens and cost are in the sums, its name is not the run's.
        StreamCase("claude-237-keyfields.jsonl", exit: 0, "finished")
            .spent(924, 110, read: 5015, write: 2651).cost(.quoted(0.032467499999999996))
            .session("9408bea7-c831-4edd-9a00-e7475e63fb4b").model("claude-opus-5")
            .turns(2).tools(1).said("NANOPY_EVENT_PROBE_20260823"),

        refused("limit-five-hour", "limited", .plan(0), model: "claude-sonnet-5-5")
            .session("47adde85-a149-4efb-ad1f-88ec2a146699").resets("2026-11-22T11:17:33Z"),
        refused("limit-five-hour-other-zone", "limited", .plan(0), model: "claude-sonnet-5-5")
            .session("e6580a77-1e6d-45a9-90e4-e936316fe730").resets("2026-11-22T11:17:34Z"),
        refused("limit-seven-day", "limited", .plan(0), model: "claude-sonnet-5-5")
            .session("e0bf609f-3e73-4613-849c-b3cbef0631de").resets("2026-11-25T10:18:00Z"),
        // Its reset is long over: that means now.
        refused("limit-legacy-epoch", "limited", .plan(0)).resets("2026-11-22T10:05:00Z"),
        refused("model-limit-noreset", "limited", .plan(0)).limits("fable"),
        refused("spend-limit", "billing", .plan(0)),
        refused("not-logged-in", "auth", .plan(0)),
        refused("429-api-key", "limited").session("9ab6b306-5305-4c7c-94ec-a91e1e4c6908"),
        refused("529-overloaded", "unavailable").session("7f336d03-5f4d-44e8-8428-275ad00b746c"),
        refused("500", "unavailable").session("efc8e05b-59a4-41e0-bcba-5cf4617b0dd4"),
        refused("connection-refused", "unavailable").session("f0a87b5a-f31b-4c60-bd20-f629435f6bbd"),
        refused("401", "auth").session("aa0d1f8c-be73-44be-9705-a5fa82c87f04"),
        refused("credit-balance", "billing").session("a5b28bf4-35d4-4baa-ac3a-9d59611b74ca"),
        refused("context-overflow", "context").session("7994f53f-93ef-4f41-a249-b2ae396b0771"),

        StreamCase("claude-max-turns.jsonl", exit: 1, "turns")
            .spent(3600, 150, read: 12_000, write: 900).cost(.quoted(0.0243))
            .session("1e7f98e3-8aaf-4017-ac75-6d431bb3f956").model("claude-opus-5-5").turns(4).tools(3),
        StreamCase("claude-max-budget.jsonl", exit: 1, "budget")
            .spent(8400, 350, read: 28_000, write: 2100).cost(.quoted(0.056699999999999987))
            .session("87ffa8f7-15dc-4298-b702-615f09b04630").model("claude-opus-5-5").turns(7).tools(7),

        // No result: what the CLI was waiting for when it was killed decides.
        StreamCase("claude-sigterm.jsonl", exit: 143, "failed")
            .session("5f5ba0b4-93c6-4561-9343-c82877417f94").model("claude-opus-5-5"),
        StreamCase("claude-401-retrying-killed.jsonl", .signaled(15), "auth")
            .session("33649ab6-43ee-48a1-9a2e-d0da28525ebf").model("claude-opus-5-5"),
        StreamCase("claude-429-waiting-killed.jsonl", .signaled(15), "limited")
            .session("ddd68f13-624f-470c-8ff8-31493054b127").model("claude-opus-5-5"),
        // A question to a program around it, which nobody answers.
        StreamCase("claude-control-request.jsonl", .signaled(15), "failed"),
        StreamCase("claude-noise-and-truncation.jsonl", exit: 0, "failed").session(assembled)
            .model("claude-opus-5-5").tools(1).odd(2).said("Done.")
            // The sum of its messages, whose output is not the last word.
            .spent(2400, 2, read: 8000, write: 600),
    ]

    private static let assembled = "11111111-2222-4333-8444-555555555555"

    /// A run that a refusal of the provider ended before the model said a word.
    private static func refused(
        _ name: String,
        _ verdict: String,
        _ cost: Cost = .quoted(0),
        model: String = "claude-opus-5-5"
    ) -> StreamCase {
        StreamCase("claude-\(name).jsonl", exit: 1, verdict)
            .spent(0, 0).cost(cost).session(assembled).model(model).turns(1)
    }
}
