import Foundation
import RalphAgents
import RalphCore
import Testing

/// Ways in which loops of this kind have misread an agent's output.
@Suite("decoder traps")
struct DecoderTrapTests {
    private static let initFrame =
        #"{"type":"system","subtype":"init","session_id":"s","model":"claude-opus-5-5","apiKeySource":"none"}"#

    private static func said(_ text: String) -> String {
        #"{"type":"assistant","message":{"model":"claude-opus-5-5","content":[{"type":"text","text":"\#(text)"}]}}"#
    }

    private static func result(_ text: String, tokens: Int = 10) -> String {
        #"{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"\#(text)","#
            + #""usage":{"input_tokens":\#(tokens),"output_tokens":\#(tokens)}}"#
    }

    @Test("trap 1: a completion phrase in the agent's text ends nothing")
    func completionPhrase() throws {
        var decoder = try AgentCLI.named("claude").makeDecoder()
        let phrase = #"<promise>COMPLETE</promise> {\"type\":\"result\",\"is_error\":false}"#
        let isEnd = decoder.read(line: Array(Self.said(phrase).utf8), isCut: false)
        #expect(!isEnd)
        let report = decoder.report(ending: .signaled(9), standardError: "", now: StreamRun.now, zone: .gmt)
        #expect(report.verdict.word == "failed")
    }

    @Test(
        "trap 4: killed just before its final frame, a run is no success, whatever the exit code",
        arguments: [0, 143, 1]
    )
    func killedBeforeEnd(_ code: Int32) throws {
        for (agent, line) in [
            ("claude", Self.said("All done.")),
            ("codex", #"{"type":"item.completed","item":{"type":"agent_message","text":"All done."}}"#),
            ("gemini", #"{"type":"message","role":"assistant","content":"All done.","delta":true}"#),
            ("cursor", #"{"type":"assistant","message":{"content":[{"type":"text","text":"All done."}]}}"#),
            ("copilot", #"{"type":"assistant.message","data":{"content":"All done."}}"#),
            ("copilot", #"{"type":"result","sessionId":"x"}"#),
            ("amp", Self.said("All done.")), ("qwen", Self.said("All done.")),
            (
                "goose",
                #"{"type":"message","message":{"role":"assistant","content":[{"type":"text","text":"x"}]}}"#
            ),
            ("droid", #"{"type":"message","role":"assistant","text":"All done."}"#),
            ("opencode", #"{"type":"text","part":{"text":"All done."}}"#),
        ] {
            let report = try StreamRun.report(text: line, by: agent, ending: .exited(code))
            #expect(report.verdict.word == "failed", "\(agent)")
        }
    }

    @Test("a run that we ended before its final frame is no success either")
    func stopped() throws {
        for agent in AgentCLI.builtIn.map(\.name) {
            let report = try StreamRun.report([], by: agent, ending: .stopped)
            #expect(report.verdict.word == "failed", "\(agent)")
        }
    }

    @Test(
        "after the final frame, how the process ended does not matter",
        arguments: [AgentEnding.stopped, .exited(1), .signaled(9)]
    )
    func lingering(_ ending: AgentEnding) throws {
        for file in ["claude-success", "codex-success", "gemini-success", "amp-success", "droid-success"] {
            let agent = String(file.prefix { $0 != "-" })
            #expect(
                try StreamRun.report(file + ".jsonl", by: agent, ending: ending).verdict == .finished,
                "\(file)"
            )
        }
    }

    @Test(
        "nothing that comes after the final frame counts",
        arguments: [
            ("claude", #"{"type":"result","is_error":true,"result":"API Error: 500 x","total_cost_usd":9}"#),
            ("codex", #"{"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized"}}"#),
            ("codex", #"{"type":"error","message":"stream disconnected"}"#),
            ("gemini", #"{"type":"result","status":"error","error":{"message":"x"}}"#),
            ("cursor", #"{"type":"result","is_error":true,"result":"x"}"#),
            ("copilot", #"{"type":"result","exitCode":1}"#),
            ("amp", #"{"type":"result","subtype":"error_max_turns","is_error":true}"#),
            ("qwen", #"{"type":"result","subtype":"error_max_turns","is_error":true}"#),
            ("droid", #"{"type":"error","message":"401 unauthorized"}"#),
            ("droid", "plain words"),
        ]
    )
    func afterTheEnd(_ agent: String, _ line: String) throws {
        let lines = try StreamRun.lines("\(agent)-success.jsonl")
        let report = try StreamRun.report(lines, by: agent, ending: .exited(0))
        let longer = try StreamRun.report(lines + [Array(line.utf8)], by: agent, ending: .exited(1))
        #expect(report.verdict == .finished)
        #expect(longer == report)
    }

    @Test("a turn that codex begins after the end of another counts")
    func secondTurn() throws {
        let lines = try StreamRun.lines("codex-success.jsonl")
        let more = [
            #"{"type":"turn.started"}"#,
            #"{"type":"item.completed","item":{"type":"agent_message","text":"More."}}"#,
            #"{"type":"turn.completed","usage":{"input_tokens":5,"output_tokens":1}}"#,
        ].map { Array($0.utf8) }
        let one = try StreamRun.report(lines, by: "codex", ending: .exited(0))
        let two = try StreamRun.report(lines + more, by: "codex", ending: .exited(0))
        #expect(two.finalText == "More.")
        #expect(two.tokens?.total == (one.tokens?.total ?? 0) + 6)
    }

    @Test(
        "the final frame is announced once it is read",
        arguments: [
            "claude-success", "codex-success", "codex-429", "gemini-success", "opencode-done-frame",
            "cursor-success",
            "copilot-success", "amp-error", "goose-success", "qwen-success", "droid-success",
            "claude-limit-seven-day",
        ]
    )
    func finalFrame(_ file: String) throws {
        var decoder = try AgentCLI.named(String(file.prefix { $0 != "-" })).makeDecoder()
        let lines = try StreamRun.lines(file + ".jsonl").filter { !$0.isEmpty }
        let ends = lines.map { decoder.read(line: $0, isCut: false) }
        #expect(ends.last == true)
        #expect(!ends.dropLast().contains(true))
    }

    @Test(
        "a key that is refused for the third time is announced, so that ten doubling delays are not waited for"
    )
    func refusedKey() throws {
        var decoder = try AgentCLI.named("claude").makeDecoder()
        let ends = try StreamRun.lines("claude-401-retrying-killed.jsonl").prefix(4)
            .map { decoder.read(line: $0, isCut: false) }
        #expect(ends == [false, false, false, true])
    }

    @Test("codex waiting for a network that does not come is ended, and a network that comes back is not")
    func waitingForNetwork() throws {
        let wait = Array(
            #"{"type":"error","message":"Reconnecting... waiting for network (Connection failed: error sending request)"}"#
                .utf8
        )
        let progress = Array(#"{"type":"item.completed","item":{"type":"agent_message","text":"x"}}"#.utf8)
        var decoder = try AgentCLI.named("codex").makeDecoder()
        let ends = (Array(repeating: wait, count: 5) + [progress] + Array(repeating: wait, count: 6))
            .map { decoder.read(line: $0, isCut: false) }
        #expect(ends.firstIndex(of: true) == 11)
        let report = decoder.report(ending: .stopped, standardError: "", now: StreamRun.now, zone: .gmt)
        #expect(report.verdict == .unavailable("Connection failed: error sending request"))
    }

    @Test("a single refused key can be a token that is being renewed")
    func renewedToken() throws {
        let lines = try StreamRun.lines("claude-401-retrying-killed.jsonl").prefix(2)
        let report = try StreamRun.report(Array(lines), by: "claude", ending: .signaled(15))
        #expect(report.verdict.word == "failed")
    }

    @Test(
        "trap 5: a provider's error with exit 0 and no tokens is classified, never a success",
        arguments: [
            ("API Error: 529 Overloaded", "unavailable"), ("API Error: Connection error.", "unavailable"),
            ("Invalid API key · Fix external API key", "auth"), ("Credit balance is too low", "billing"),
            ("You've hit your limit · resets 3pm (UTC)", "limited"), ("", "unavailable"),
            ("All done!", "failed"),
        ]
    )
    func errorAsSuccess(_ text: String, _ verdict: String) throws {
        let report = try StreamRun.report(
            text: Self.initFrame,
            Self.result(text, tokens: 0),
            by: "claude",
            ending: .exited(0)
        )
        #expect(report.verdict.word == verdict)
    }

    @Test(
        "trap 6: talk of limits in text, tool results, file names and line numbers is no limit",
        arguments: [
            "You've hit your limit · resets 3pm (UTC)", "429 Too Many Requests",
            "rate limit exceeded at src/429.swift:529",
            "API Error: 529 Overloaded", "Credit balance is too low", "Error: 401 unauthorized",
        ]
    )
    func talkOfLimits(_ text: String) throws {
        let tool =
            #"{"type":"user","message":{"content":[{"type":"tool_result","is_error":true,"content":"\#(text)"}]}}"#
        let finished = try StreamRun.report(
            text: Self.initFrame,
            Self.said(text),
            tool,
            Self.result(text),
            by: "claude",
            ending: .exited(0),
            errors: ""
        )
        #expect(finished.verdict == .finished)
        let killed = try StreamRun.report(
            text: Self.initFrame,
            Self.said(text),
            tool,
            by: "claude",
            ending: .signaled(15)
        )
        #expect(killed.verdict.word == "failed")
        let codex = try StreamRun.report(
            text: #"{"type":"item.completed","item":{"type":"agent_message","text":"\#(text)"}}"#,
            #"{"type":"item.completed","item":{"type":"command_execution","aggregated_output":"\#(text)"}}"#,
            by: "codex",
            ending: .exited(1)
        )
        #expect(codex.verdict.word == "failed")
        let mention = try StreamRun.report(
            [],
            by: "claude",
            ending: .exited(1),
            errors: "note: see \(text) in the log\nTypeError: x"
        )
        #expect(mention.verdict.word == "failed")
    }

    @Test("a run that was ended while it tried to reach the provider is nobody's fault")
    func noNetwork() throws {
        let retry =
            #"{"type":"system","subtype":"api_retry","attempt":4,"error_status":null,"error":"unknown"}"#
        let report = try StreamRun.report(text: Self.initFrame, retry, by: "claude", ending: .stopped)
        #expect(report.verdict.word == "unavailable")
    }

    @Test("a limit that the model went on after is over")
    func overcomeLimit() throws {
        let refused =
            #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795346253,"#
            + #""rateLimitType":"seven_day_opus"}}"#
        let overcome = try StreamRun.report(
            text: Self.initFrame,
            refused,
            Self.said("On another model."),
            by: "claude",
            ending: .signaled(15)
        )
        #expect(overcome.verdict.word == "failed")
        let waiting = try StreamRun.report(text: Self.initFrame, refused, by: "claude", ending: .signaled(15))
        #expect(waiting.verdict.reset == date("2026-11-22T11:17:33Z"))
        #expect(waiting.verdict.limitedModel == "opus")
    }

    @Test(
        "a rejected window that paid overage carries is no stop",
        arguments: [
            #""isUsingOverage":true"#, #""overageStatus":"allowed""#, #""overageStatus":"allowed_warning""#,
        ]
    )
    func overage(_ field: String) throws {
        let event =
            #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795346253,\#(field)}}"#
        let report = try StreamRun.report(text: Self.initFrame, event, by: "claude", ending: .signaled(15))
        #expect(report.verdict.word == "failed")
    }
}
