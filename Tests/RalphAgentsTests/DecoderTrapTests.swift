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

    @Test("a completion phrase in the agent's text ends nothing")
    func completionPhrase() throws {
        var decoder = try AgentCLI.named("claude").makeDecoder()
        let phrase = #"<promise>COMPLETE</promise> {\"type\":\"result\",\"is_error\":false}"#
        let isEnd = decoder.read(line: Array(Self.said(phrase).utf8), isCut: false)
        #expect(!isEnd)
        let report = decoder.report(ending: .signaled(9), standardError: "", now: StreamRun.now, zone: .gmt)
        #expect(report.verdict.word == "failed")
    }

    @Test(
        "killed just before its final frame, a run is no success, whatever the exit code",
        arguments: [0, 143, 1]
    )
    func killedBeforeEnd(_ code: Int32) throws {
        for (agent, line) in [
            ("claude", Self.said("All done.")),
            ("codex", #"{"type":"item.completed","item":{"type":"agent_message","text":"All done."}}"#),
            ("gemini", #"{"type":"message","role":"assistant","content":"All done.","delta":true}"#),
            ("cursor", #"{"type":"assistant","message":{"content":[{"type":"text","text":"All done."}]}}"#),
            ("copilot", #"{"type":"assistant.message","data":{"content":"All done."}}"#),
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

    @Test("a single refused key can be a token that is being renewed")
    func renewedToken() throws {
        let lines = try StreamRun.lines("claude-401-retrying-killed.jsonl").prefix(2)
        let report = try StreamRun.report(Array(lines), by: "claude", ending: .signaled(15))
        #expect(report.verdict.word == "failed")
    }

    @Test(
        "a provider's error with exit 0 and no tokens is classified, never a success",
        arguments: [
            ("API Error: 529 Overloaded", "unavailable"), ("API Error: Connection error.", "unavailable"),
            ("Invalid API key · Fix external API key", "auth"), ("Credit balance is too low", "billing"),
            ("You've hit your limit · resets 3pm (UTC)", "limited"), ("", "unavailable"),
            ("All done!", "unavailable"),
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
        "talk of limits in text, tool results, file names and line numbers is no limit",
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
        #expect(waiting.verdict == .rateLimited(reset: date("2026-11-22T11:17:33Z"), model: "opus"))
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

    @Test(
        "a repeated final frame changes nothing",
        arguments: ["claude-success", "codex-success", "amp-success"]
    )
    func repeated(_ file: String) throws {
        let agent = String(file.prefix { $0 != "-" })
        let lines = try StreamRun.lines(file + ".jsonl").filter { !$0.isEmpty }
        let once = try StreamRun.report(lines, by: agent, ending: .exited(0))
        let twice = try StreamRun.report(lines + lines.suffix(1), by: agent, ending: .exited(0))
        #expect(once == twice)
    }

    @Test("huge, cut, binary and foreign lines are survived and counted", arguments: ["claude", "codex"])
    func oddLines(_ agent: String) throws {
        var decoder = try AgentCLI.named(agent).makeDecoder()
        let huge = Array(#"{"type":"user","x":""#.utf8) + [UInt8](repeating: 0x78, count: 20 << 20)
        var ends = [decoder.read(line: Array(huge.prefix(8 << 20)), isCut: true)]
        for line: [UInt8] in [
            [0xFF, 0xFE, 0x00], Array("plain".utf8), Array("[1]".utf8), Array("{\"a\":".utf8),
        ] {
            ends.append(decoder.read(line: line, isCut: false))
        }
        for line: [UInt8] in [
            [], Array("   ".utf8), Array(#"{"type":"future"}"#.utf8), Array(#"{"type":7}"#.utf8),
        ] {
            ends.append(decoder.read(line: line, isCut: false))
        }
        #expect(!ends.contains(true))
        for line in try StreamRun.lines("\(agent)-success.jsonl") {
            _ = decoder.read(line: line, isCut: false)
        }
        let report = decoder.report(ending: .exited(0), standardError: "", now: StreamRun.now, zone: .gmt)
        #expect(report.verdict == .finished)
        #expect(report.oddLines == 5)
    }

    @Test(
        "every stream, cut off at every line and with its types turned, is survived",
        arguments: AgentCLI.builtIn.map(\.name)
    )
    func mangled(_ agent: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        for file in files where file.hasPrefix(agent) && !file.hasSuffix(".stderr") {
            let lines = try StreamRun.lines(file)
            for count in 0...lines.count {
                _ = try StreamRun.report(Array(lines.prefix(count)), by: agent, ending: .exited(0))
            }
            let turned = lines.map { line in
                Array(
                    String(decoding: line, as: UTF8.self).replacing(":{", with: ":[{").replacing(
                        "},",
                        with: "}],"
                    ).utf8
                )
            }
            _ = try StreamRun.report(turned, by: agent, ending: .exited(0))
            let strings = lines.map {
                Array(String(decoding: $0, as: UTF8.self).replacing(":1", with: ":-1e400").utf8)
            }
            _ = try StreamRun.report(strings, by: agent, ending: .exited(0))
        }
    }

    @Test("a program that cannot start is missing")
    func missing() throws {
        for agent in AgentCLI.builtIn.map(\.name) {
            let report = try StreamRun.report([], by: agent, ending: .couldNotStart("claude: not found"))
            #expect(report.verdict == .missing("claude: not found"))
        }
    }

    @Test(
        "an unknown cost is unknown, not 0",
        arguments: ["codex-success.jsonl", "qwen-success.jsonl", "opencode-success.jsonl"]
    )
    func unknownCost(_ file: String) throws {
        let report = try StreamRun.report(file, by: String(file.prefix { $0 != "-" }), ending: .exited(0))
        #expect(report.cost == .unknown)
        #expect(report.cost.usd == nil)
    }

    @Test("nonsense in the cost leaves it unknown", arguments: ["-1", "1e999", "null", "\"free\""])
    func nonsenseCost(_ cost: String) throws {
        let line =
            #"{"type":"result","is_error":false,"result":"x","total_cost_usd":\#(cost),"usage":{"output_tokens":5}}"#
        #expect(try StreamRun.report(text: line, by: "claude", ending: .exited(0)).cost == .unknown)
    }
}
