import Foundation
import RalphAPI
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

/// One way in which a provider can answer, and what the daemon has to make of it.
struct RealCase: CustomTestStringConvertible, Sendable {
    var login: RealLogin
    var way: String
    var outcome: Outcome
    var costKind: String
    var settings = ""
    /// What the agent is then, and when it is asked again: seconds from the end of the iteration.
    var agent = AgentRecord.State.ready
    var wait: ClosedRange<Double>?
    /// What the CLI said, or a part of it.
    var says: String

    var testDescription: String { "\(login.rawValue) \(way) \(outcome.rawValue)" }

    init(
        _ login: RealLogin,
        _ way: String,
        _ outcome: Outcome,
        cost: String,
        settings: String = "",
        agent: AgentRecord.State = .ready,
        wait: ClosedRange<Double>? = nil,
        says: String
    ) {
        (self.login, self.way, self.outcome, costKind) = (login, way, outcome, cost)
        (self.settings, self.agent, self.wait, self.says) = (settings, agent, wait, says)
    }
}

/// The real daemon with the real CLIs on a real repository, against a stand-in for their model APIs. Needs `python3`, and
/// the directory that `Tests/AgentStandIn/fetch.sh` filled in `RALPH_AGENT_PATH`.
@Suite("real agents in the loop", .serialized, .timeLimit(.minutes(5)), .enabled(if: RealLogin.path != nil))
struct RealAgentLoopTests {
    /// A limit without a stated reset is asked again after five minutes, give or take a fifth.
    private static let unstated = 200.0...370
    /// The stand-in's window, and up to a minute more; prose has no seconds.
    private static let window = 4_430.0...4_625
    private static let backoff = 6.0...13

    @Test(
        "an item lands by the CLI's own tool calls, with the login that is meant, and nothing of the shell's",
        arguments: [
            (RealLogin.claude, "quoted", RealLoop.key), (.claudeToken, "plan", RealLoop.token),
            (.claudeHome, "plan", RealLoop.token), (.codex, "unknown", RealLoop.key),
            (.codexHome, "unknown", RealLoop.key),
        ]
    )
    func lands(_ login: RealLogin, _ costKind: String, _ secret: String) throws {
        let loop = try RealLoop(login, "work")
        let (iteration, status) = try loop.firstIteration()
        #expect(iteration.outcome == .landed, "\(iteration)")
        #expect(iteration.isStrike == false)
        #expect(iteration.exitCode == 0)
        #expect(iteration.costKind == costKind)
        #expect(iteration.costUSD.map { $0 > 0 } ?? (costKind == "unknown"))
        #expect(iteration.tokens?.output ?? 0 >= 80)
        #expect(iteration.checks.map(\.verdict) == [.passed])
        #expect(iteration.commit == status.tip)
        #expect(status.items["done"] == 1)
        #expect(status.needsYou.isEmpty)
        #expect(try loop.project.repository.show("agent.txt") == "made-by-agent")
        #expect(try loop.project.boxes() == [true])
        #expect(
            loop.standIn.requests().allSatisfy { $0.contains(" \(secret) ") },
            "\(loop.standIn.requests())"
        )
    }

    @Test(
        "each refusal ends as documented, with its wait, its strike and its cost",
        arguments: [
            RealCase(
                .claude,
                "limit",
                .rateLimited,
                cost: "quoted",
                agent: .asleep,
                wait: unstated,
                says: "Request rejected (429)"
            ),
            RealCase(
                .claudeToken,
                "window",
                .rateLimited,
                cost: "plan",
                agent: .asleep,
                wait: window,
                says: "You've hit your limit"
            ),
            RealCase(.claude, "busy", .unavailable, cost: "quoted", wait: backoff, says: "529 Overloaded"),
            RealCase(
                .claude,
                "refuse",
                .authFailed,
                cost: "quoted",
                agent: .setAside,
                says: "Invalid API key"
            ),
            RealCase(
                .claude,
                "broke",
                .billing,
                cost: "quoted",
                agent: .setAside,
                says: "Credit balance is too low"
            ),
            RealCase(
                .claude,
                "full",
                .contextOverflow,
                cost: "quoted",
                settings: "attempts: 1",
                says: "context"
            ),
            RealCase(
                .claude,
                "hang",
                .timedOut,
                cost: "unknown",
                settings: "attempts: 1\ntimeout: 6s",
                says: "stopped after 6 s"
            ),
            RealCase(
                .codex,
                "limit",
                .rateLimited,
                cost: "unknown",
                agent: .asleep,
                wait: unstated,
                says: "429 Too Many Requests"
            ),
            RealCase(
                .codex,
                "window",
                .rateLimited,
                cost: "unknown",
                agent: .asleep,
                wait: window,
                says: "hit your usage limit"
            ),
            RealCase(.codex, "busy", .unavailable, cost: "unknown", wait: backoff, says: "at capacity"),
            RealCase(
                .codex,
                "refuse",
                .authFailed,
                cost: "unknown",
                agent: .setAside,
                says: "401 Unauthorized"
            ),
            RealCase(.codex, "broke", .billing, cost: "unknown", agent: .setAside, says: "Quota exceeded"),
            RealCase(
                .codex,
                "full",
                .contextOverflow,
                cost: "unknown",
                settings: "attempts: 1",
                says: "context"
            ),
            RealCase(
                .codex,
                "hang",
                .timedOut,
                cost: "unknown",
                settings: "attempts: 1\ntimeout: 6s",
                says: "stopped after 6 s"
            ),
            RealCase(
                .codex,
                "hang",
                .stalled,
                cost: "unknown",
                settings: "attempts: 1\nidle-timeout: 4s",
                says: "no sign of life for 4 s"
            ),
        ]
    )
    func refusals(_ row: RealCase) throws {
        // The CLI's own retries would take minutes.
        let loop = try RealLoop(
            row.login,
            row.way,
            settings: row.settings + "\nenv: [CLAUDE_CODE_MAX_RETRIES]"
        )
        let (iteration, status) = try loop.firstIteration()
        #expect(iteration.outcome == row.outcome, "\(iteration)")
        #expect(iteration.isStrike == row.outcome.isStrike)
        #expect(iteration.costKind == row.costKind)
        #expect(iteration.costUSD == (row.costKind == "unknown" ? nil : 0))
        #expect(iteration.error?.contains(row.says) == true, "\(iteration.error ?? "nothing")")
        #expect(iteration.commit == nil)
        let agent = try #require(status.agents.first { $0.name == row.login.agent })
        #expect(agent.state == row.agent)
        let ended = try #require(iteration.endedAt)
        if let wait = row.wait {
            let until = try #require(agent.until ?? status.until, "\(status)")
            #expect(wait.contains(until.timeIntervalSince(ended)), "\(until.timeIntervalSince(ended)) s")
            #expect(status.until == until)
        }
        if row.agent == .setAside { #expect(status.needsYou.map(\.kind) == [.agent]) }
        if row.outcome.isStrike { #expect(status.needsYou.map(\.kind) == [.blocked]) }
        #expect(try loop.project.boxes() == [false])
        try expectNoSecret(in: loop)
    }

    @Test(
        "the CLI's own limits end as such: described as a custom agent, claude tells its turns and its budget",
        arguments: [
            ("--max-turns, '3'", Outcome.turnsExhausted), ("--max-budget-usd, '0.02'", .budgetExhausted),
        ]
    )
    func ownLimits(_ option: String, _ outcome: Outcome) throws {
        let described =
            "bounded: {command: [claude, -p, --output-format, stream-json, --verbose, --permission-mode, "
            + "bypassPermissions, \(option)], output: claude-stream-json, "
            + "env: [ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, IS_SANDBOX]}"
        var loop = try RealLoop(
            .claude,
            "endless",
            settings: "attempts: 1",
            agent: "bounded",
            described: described
        )
        loop.project.extra["ANTHROPIC_API_KEY"] = RealLoop.key
        loop.project.extra["ANTHROPIC_BASE_URL"] = loop.standIn.address("endless")
        loop.project.extra["IS_SANDBOX"] = "1"
        let (iteration, status) = try loop.firstIteration()
        #expect(iteration.outcome == outcome, "\(iteration)")
        #expect(iteration.isStrike)
        #expect(iteration.costKind == "quoted")
        #expect(iteration.costUSD ?? 0 > 0.02)
        #expect(iteration.tokens?.output ?? 0 > 100)
        #expect(status.needsYou.map(\.kind) == [.blocked])
    }

    @Test(
        "SIGTERM in the middle costs no strike and leaves no process; the next life finishes the item",
        arguments: [RealLogin.claude, .codex]
    )
    func interrupted(_ login: RealLogin) throws {
        let loop = try RealLoop(login, "once-hang")
        let daemon = try loop.start()
        try wait(for: "the first request", seconds: 40) { !loop.standIn.requests().isEmpty }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try loop.project.assertWhole(daemon.errors)
        let first = try #require(try loop.history().first)
        #expect(first.outcome == .interrupted)
        #expect(!first.isStrike)
        #expect(first.costKind == "unknown")

        let second = try loop.start()
        defer { second.send(SIGTERM) }
        try wait(for: "the landing", seconds: 40) { (try? loop.project.boxes()) == [true] }
        second.send(SIGTERM)
        #expect(second.wait().status == 0)
        try loop.project.assertWhole(second.errors)
        #expect(try loop.history().map(\.outcome) == [.landed, .interrupted])
        #expect(try loop.project.landedItems() == ["a"])
    }

    /// Neither the log nor a row nor a prompt knows the key.
    private func expectNoSecret(in loop: RealLoop) throws {
        let state = loop.project.state.string
        let files = try #require(FileManager.default.enumerator(atPath: state)).compactMap { $0 as? String }
        for file in files {
            guard let bytes = FileManager.default.contents(atPath: "\(state)/\(file)") else { continue }
            for secret in [RealLoop.key, RealLoop.token] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) stands in \(file)")
            }
        }
    }
}
