import Foundation
import RalphAgents
import RalphCore
import Testing

/// A sentence with which a CLI left, and what it means.
struct ProseCase: CustomTestStringConvertible, Sendable {
    let text: String
    let verdict: String
    var reset: String?
    var model: String?

    init(_ text: String, _ verdict: String, resets reset: String? = nil, model: String? = nil) {
        self.text = text
        self.verdict = verdict
        self.reset = reset
        self.model = model
    }

    var testDescription: String { text }
}

@Suite("error sentences")
struct ErrorProseTests {
    private func check(_ report: AgentReport, _ row: ProseCase) {
        #expect(report.verdict.word == row.verdict, "\(report.verdict)")
        #expect(report.verdict.reset == row.reset.map(date))
        #expect(report.verdict.limitedModel == row.model)
    }

    private func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }

    @Test(
        "trap 7: claude's result in prose alone, inside JSON on standard output",
        arguments: [
            ProseCase(
                "You've hit your session limit · resets 10:10pm (Europe/Moscow)",
                "limited",
                resets: "2026-11-22T19:10:00Z"
            ),
            ProseCase(
                "You’ve hit your weekly limit · resets Nov 27, 8am (Europe/Paris)",
                "limited",
                resets: "2026-11-27T07:00:00Z"
            ),
            ProseCase("5-hour limit reached ∙ resets 5am", "limited", resets: "2026-11-23T05:00:00Z"),
            ProseCase("Claude AI usage limit reached|1795346253", "limited", resets: "2026-11-22T11:17:33Z"),
            ProseCase(
                "You've reached your Fable limit. Run /usage-credits to continue.",
                "limited",
                model: "fable"
            ),
            ProseCase(
                "You've hit your Opus limit · resets Nov 25, 3pm (UTC)",
                "limited",
                resets: "2026-11-25T15:00:00Z",
                model: "opus"
            ),
            ProseCase(
                "You've hit your Opus weekly limit · resets 3pm",
                "limited",
                resets: "2026-11-22T15:00:00Z",
                model: "opus"
            ),
            ProseCase("You're out of extra usage · resets 3pm", "limited", resets: "2026-11-22T15:00:00Z"),
            ProseCase("You've reached your Fable 5 limit.", "limited", model: "fable"),
            ProseCase("You've hit your 5-hour usage limit.", "limited"),
            ProseCase("You're out of usage credits. Run /usage-credits.", "billing"),
            ProseCase("Your org is out of usage · ask an admin", "billing"),
            ProseCase(
                "You've hit your monthly spend limit · raise it at claude.ai/settings/usage",
                "billing"
            ),
            ProseCase(
                "API Error: Server is temporarily limiting requests (not your usage limit) · Rate limited",
                "unavailable"
            ),
            ProseCase("API Error: Stream idle timeout - no chunks received", "unavailable"),
            ProseCase("API Error: Connection error.", "unavailable"),
            ProseCase("API Error: 503 upstream connect error", "unavailable"),
            ProseCase("Unable to connect to API (ECONNREFUSED)", "unavailable"),
            ProseCase("Failed to authenticate. API Error: 401 expired", "auth"),
            ProseCase("OAuth token revoked · Please run /login", "auth"),
            ProseCase("OAuth token has expired", "auth"),
            ProseCase("Prompt is too long", "context"),
            ProseCase("API Error: 404 model: x", "failed"),
            ProseCase("Something new", "failed"),
        ]
    )
    func claude(_ row: ProseCase) throws {
        let line = #"{"type":"result","subtype":"success","is_error":true,"result":\#(try quoted(row.text))}"#
        check(try StreamRun.report(text: line, by: "claude", ending: .exited(1)), row)
    }

    @Test(
        "codex's failed turns",
        arguments: [
            ProseCase(
                "You've hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/codex/settings/usage to purchase more credits or try again at Nov 29th, 2026 1:05 AM.",
                "limited",
                resets: "2026-11-29T01:05:00Z"
            ),
            ProseCase(
                "You've hit your usage limit. To get more access now, send a request to your admin or try again at 3:09 PM.",
                "limited",
                resets: "2026-11-22T15:09:00Z"
            ),
            ProseCase(
                "You've hit your usage limit for gpt-5-codex. Switch to another model now, or try again at 3:09 PM.",
                "limited",
                resets: "2026-11-22T15:09:00Z",
                model: "gpt-5-codex"
            ),
            ProseCase(
                "You've hit your usage limit for GPT-5.2-Codex. Switch to another model now, or try again later.",
                "limited",
                model: "gpt-5.2-codex"
            ),
            ProseCase("You’ve hit your usage limit. Try again later.", "limited"),
            ProseCase(
                "You've hit your usage limit. Try again in 3 days 4 hours 5 minutes.",
                "limited",
                resets: "2026-11-25T14:10:00Z"
            ),
            ProseCase(
                "Error running remote compact task: You've hit your usage limit. Try again at 3:09 PM.",
                "limited",
                resets: "2026-11-22T15:09:00Z"
            ),
            ProseCase("exceeded retry limit, last status: 429 Too Many Requests, request id: abc", "limited"),
            ProseCase("exceeded retry limit, last status: 401 Unauthorized, request id: abc", "auth"),
            ProseCase("exceeded retry limit, last status: 502 Bad Gateway", "unavailable"),
            ProseCase("Your access token could not be refreshed. Please log out and sign in again.", "auth"),
            ProseCase("Your workspace is out of credits. Ask your admin.", "billing"),
            ProseCase("You hit your spend cap set by the owner.", "billing"),
            ProseCase("To use Codex with your ChatGPT plan, upgrade to Plus.", "billing"),
            ProseCase("stream disconnected before completion: error sending request", "unavailable"),
            ProseCase("Codex ran out of room in the model's context window. Start a new thread.", "context"),
            ProseCase("unexpected status 404 Not Found: no such model", "failed"),
        ]
    )
    func codex(_ row: ProseCase) throws {
        let line = #"{"type":"turn.failed","error":{"message":\#(try quoted(row.text))}}"#
        check(try StreamRun.report(text: line, by: "codex", ending: .exited(1)), row)
    }

    @Test(
        "a word on standard error, when there is no frame",
        arguments: [
            ProseCase("Error: Not authenticated. Please run `amp login` or set AMP_API_KEY.", "auth"),
            ProseCase("starting\nError: 429 Too Many Requests\n\n", "limited"),
            ProseCase("Error: 402 Payment Required", "billing"),
            ProseCase("Error: fetch failed", "unavailable"),
            ProseCase("Error: getaddrinfo ENOTFOUND ampcode.com", "unavailable"),
            ProseCase("warning: retrying after 429 errors\nError: something else", "failed"),
            ProseCase("", "failed"),
        ]
    )
    func standardError(_ row: ProseCase) throws {
        check(try StreamRun.report([], by: "amp", ending: .exited(1), errors: row.text), row)
    }

    @Test("gemini's fatal errors come as an object on standard error")
    func geminiObject() throws {
        let url = StreamRun.directory.appending(path: "gemini-result-error.json")
        let errors = "Loaded cached credentials.\n" + (try String(contentsOf: url, encoding: .utf8))
        let report = try StreamRun.report([], by: "gemini", ending: .exited(41), errors: errors)
        #expect(report.verdict.word == "auth")
    }

    @Test(
        "gemini's and qwen's exit codes speak when nothing else does",
        arguments: [
            ("gemini", 41, "auth"), ("gemini", 53, "turns"), ("gemini", 173, "limited"),
            ("gemini", 247, "unavailable"),
            ("gemini", 0, "failed"), ("gemini", 1, "failed"), ("qwen", 53, "turns"), ("qwen", 55, "budget"),
            ("kimi", 75, "unavailable"), ("kimi", 1, "failed"), ("kimi", 0, "failed"),
        ]
    )
    func exitCodes(_ agent: String, _ code: Int32, _ verdict: String) throws {
        #expect(try StreamRun.report([], by: agent, ending: .exited(code)).verdict.word == verdict)
    }

    @Test(
        "a plain line on standard output counts as the CLI's own word, as long as no frame came",
        arguments: [
            ("claude", "Invalid API key · Please run /login", 1, "auth"),
            ("claude", "Invalid API key · Please run /login", 0, "auth"),
            ("claude", "Claude AI usage limit reached|1795346253", 1, "limited"),
            ("claude", "You've hit your limit · resets 3pm (UTC)", 1, "limited"),
            ("codex", "You've hit your usage limit. Try again later.", 1, "limited"),
            ("gemini", "Please set an Auth method", 1, "auth"),
            ("opencode", "Error: Unauthorized", 1, "auth"),
            ("cursor", "[unauthenticated]", 1, "auth"),
            ("copilot", "402 You have no quota (Request ID: 1)", 1, "billing"),
            ("amp", "Error: Not authenticated.", 1, "auth"),
            ("goose", "Error: rate limit exceeded", 1, "limited"),
            ("qwen", "[API Error: 401 Incorrect API key provided]", 1, "auth"),
            ("droid", "Error: fetch failed", 1, "unavailable"),
        ]
    )
    func plainOutput(_ agent: String, _ line: String, _ code: Int32, _ verdict: String) throws {
        let alone = try StreamRun.report(text: "", "  ", line, by: agent, ending: .exited(code))
        #expect(alone.verdict.word == verdict)
        // It can be the end of what the assistant said.
        let after = try StreamRun.report(text: #"{"type":"x"}"#, line, by: agent, ending: .exited(code))
        if agent != "cursor" { #expect(after.verdict.word == "failed") }
    }

    @Test(
        "three digits are a status where the words are a status's, and a count where they are not",
        arguments: [
            ("401 tests failed", "failed"), ("429 tests passed", "failed"),
            ("503 warnings generated.", "failed"), ("404 pages were indexed", "failed"),
            ("429 Too Many Requests", "limited"), ("401 Incorrect API key provided: sk-x", "auth"),
            (#"529 {"type":"error"}"#, "unavailable"), ("API Error: 401 whatever", "auth"),
            ("429 You exceeded your current quota, please check your plan", "billing"),
            ("403 Forbidden", "auth"),
        ]
    )
    func bareStatus(_ line: String, _ verdict: String) throws {
        let report = try StreamRun.report(text: line, by: "claude", ending: .exited(1))
        #expect(report.verdict.word == verdict)
    }

    @Test("a limit that is printed plainly gives its reset")
    func plainReset() throws {
        let line = "Claude AI usage limit reached|1795346253"
        let report = try StreamRun.report(text: line, by: "claude", ending: .exited(1))
        #expect(report.verdict.reset == date("2026-11-22T11:17:33Z"))
    }

    @Test(
        "an unclassified failure says what was printed plainly, and which signal it died of",
        arguments: [
            (AgentEnding.exited(1), "exit 1"), (.exited(137), "killed by signal 9"),
            (.exited(143), "killed by signal 15"), (.signaled(11), "killed by signal 11"),
            (.exited(173), "exit 173"), (.exited(128), "exit 128"),
        ]
    )
    func unclassifiedPlain(_ ending: AgentEnding, _ words: String) throws {
        let report = try StreamRun.report(text: "boom!", by: "claude", ending: ending)
        #expect(report.verdict == .failed("claude ended without a result (\(words)): boom!"))
    }

    @Test("a provider's account without money is billing, whatever the status", arguments: [429, 403, 500])
    func quotaOfAccount(_ status: Int) throws {
        let text = "You exceeded your current quota, please check your plan and billing details."
        let frame =
            #"{"type":"error","error":{"name":"APIError","data":{"message":"\#(text)","statusCode":\#(status)}}}"#
        let report = try StreamRun.report(text: frame, by: "opencode", ending: .exited(1))
        #expect(report.verdict == .billing(text))
    }

    @Test("an unclassified failure says what the CLI said")
    func unclassified() throws {
        let report = try StreamRun.report(
            [],
            by: "claude",
            ending: .exited(1),
            errors: "a\nError: unknown option '--x'\n"
        )
        #expect(
            report.verdict == .failed("claude ended without a result (exit 1): Error: unknown option '--x'")
        )
    }
}
