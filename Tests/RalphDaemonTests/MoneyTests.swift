import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// The real daemon, a stand-in for `claude` with prices of its own, and a clock that a test moves.
@Suite("money", .timeLimit(.minutes(5)))
struct MoneyTests {
    private static let items = "- [ ] One {#a}\n- [ ] Two {#b}\n- [ ] Three {#c}\n- [ ] Four {#d}"
    /// Leaves a file named for the run, and says that it cost 30 cents.
    private static let thirtyCents = """
        echo x > "made-$RALPH_ITEM"
        say '\(FakeClaude.begin)'
        say '\(FakeClaude.message("m", tokens: 10))'
        say '\(FakeClaude.result(usd: 0.3))'
        """

    /// Noon, so that no test is near a midnight that it does not mean.
    private static func noon() -> Date {
        Calendar.utc.startOfDay(for: Date()).addingTimeInterval(43_200)
    }

    private func project(_ settings: String, _ prd: String = items, script: String = thirtyCents) throws
        -> Project
    {
        let project = try Project(prd, settings: settings, agent: "claude")
        try FakeClaude.install(in: project, script)
        return project
    }

    /// What all transcripts together say that it cost.
    private func transcripts(_ project: Project) throws -> Double {
        var sum = 0.0
        for row in try project.history().iterations(limit: 100) {
            let file = "\(project.state)/\(row.logDirectory)/agent.out"
            let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") {
                guard let range = line.range(of: "\"total_cost_usd\":") else { continue }
                sum += Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." }) ?? 0
            }
        }
        return sum
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("with $1 a day and $0.30 an item the fourth does not start before midnight, also not by a restart")
    func dailyBudget() throws {
        var project = try project("budget: {day: $1}")
        let clock = try TestClock(in: project.place.path, showing: Self.noon())
        project.variables = clock.environment
        let first = try project.start(untilDone: false)
        try wait(for: "three to land") { (try? project.outcomes().count { $0.hasSuffix(" landed") }) == 3 }
        try wait(for: "the wait") { try project.history().project()?.state == .waiting }
        let midnight = Calendar.utc.startOfDay(for: clock.now).addingTimeInterval(86_400)
        #expect(try project.history().project()?.until == midnight)
        let status = try json(project.ctl("status", "--json").output)
        #expect(status["state"] as? String == "waiting")
        #expect((status["reason"] as? String)?.hasPrefix("today's budget of $1.00: $0.90 is spent") == true)
        let spend = try #require(status["spend"] as? [String: Any])
        #expect((spend["today_usd"] as? Double).map { abs($0 - 0.9) < 1e-9 } == true)

        first.send(SIGKILL)
        _ = first.wait()
        try clock.show(midnight.addingTimeInterval(-30))
        let second = try project.start(untilDone: false)
        try wait(for: "the wait again") {
            try project.history().project()?.state == .waiting
                && project.history().project()?.daemonPID == second.pid
        }
        #expect(try project.outcomes().count == 3)
        try clock.show(midnight)
        try wait(for: "the fourth to land") { try project.outcomes().count { $0.hasSuffix(" landed") } == 4 }
        let row = try #require(try project.iterations(of: "d").first)
        #expect(row.startedAt >= midnight)
        second.send(SIGTERM)
        #expect(second.wait().status == 0)

        let stats = try json(project.ctl("stats", "--json").output)
        let total = try #require((stats["spend"] as? [String: Any])?["total_usd"] as? Double)
        #expect(abs(total - (try transcripts(project))) < 1e-9)
        #expect(abs(total - 1.2) < 1e-9)
        let days = try #require((stats["by"] as? [String: Any])?["day"] as? [[String: Any]])
        #expect(days.compactMap { $0["iterations"] as? Int } == [1, 3])
        #expect(try project.ctl("stats", "--by", "item").output.contains("#d"))
        try project.assertWhole()
    }

    @Test(
        "a daemon killed before the result charges what was put by, one killed after it the figure of the transcript"
    )
    func killedInTheMiddle() throws {
        let script = """
            tries=$(cat $place/tries 2>/dev/null | wc -l)
            echo >> $place/tries
            date +%N > part
            say '\(FakeClaude.begin)'
            say '\(FakeClaude.message("m", tokens: 700))'
            case $tries in
            0) sleep 60;;
            1) say '\(FakeClaude.result(usd: 0.25))'; touch $place/said; sleep 60;;
            esac
            echo x > made
            say '\(FakeClaude.result(usd: 0.5))'
            """
        let project = try project("budget: {iteration: $0.40, day: $5}", "- [ ] One {#a}", script: script)
        let first = try project.start(untilDone: false)
        try wait(for: "the message") {
            (try? String(contentsOfFile: "\(project.state)/logs/1/agent.out", encoding: .utf8))?.contains(
                "at it"
            ) == true
        }
        let open = try #require(try project.history().openIterations().first)
        #expect(open.reserved.usd.map { abs($0 - 0.4) < 1e-9 } == true)
        first.send(SIGKILL)
        _ = first.wait()
        let second = try project.start(untilDone: false)
        try wait(for: "the result") {
            FileManager.default.fileExists(atPath: project.place.path.appending("said").string)
        }
        second.send(SIGKILL)
        _ = second.wait()
        try project.run()

        let rows = try project.iterations(of: "a")
        #expect(rows.map(\.outcome) == [.interrupted, .interrupted, .landed])
        #expect(rows.map(\.cost) == [.unknown, .quoted(0.25), .quoted(0.5)])
        #expect(rows[0].tokens == TokenUsage(input: 700))
        #expect(rows[0].assumed.usd.map { abs($0 - 0.4) < 1e-9 } == true)
        #expect(rows[1].assumed == Ceiling())
        let stats = try json(project.ctl("stats", "--json").output)
        let spend = try #require(stats["spend"] as? [String: Any])
        #expect((spend["total_usd"] as? Double).map { abs($0 - 0.75) < 1e-9 } == true)
        #expect(abs(try transcripts(project) - 0.75) < 1e-9)
        #expect(spend["unknown_iterations"] as? Int == 1)
        let ledger = try project.history().ledger(now: Date())
        #expect(abs(ledger.total.usd - 1.15) < 1e-9)
    }

    @Test("work that waits for somebody's files is charged and told of, also after a kill")
    func waitingWork() throws {
        let script = """
            echo x > "made-$RALPH_ITEM"
            say '\(FakeClaude.begin)'
            say '\(FakeClaude.result(usd: 0.9))'
            """
        let project = try project("budget: {total: $1}", script: script)
        for key in ["a", "b", "c", "d"] {
            try project.repository.directory.write("mine\n", to: "made-\(key)")
        }
        let first = try project.start(untilDone: false)
        try wait(for: "the hold") {
            (try? project.history().project())??.hold?.kind == .budget
        }
        let status = try json(project.ctl("status", "--json").output)
        let spend = try #require(status["spend"] as? [String: Any])
        #expect(spend["total_usd"] as? Double == 0.9)
        #expect(spend["today_usd"] as? Double == 0.9)
        let held = try project.history().project()?.hold?.nextProbe
        first.send(SIGKILL)
        _ = first.wait()
        let second = try project.start(untilDone: false)
        try wait(for: "the hold again") {
            let told = try project.history().project()
            guard told?.daemonPID == second.pid, let next = told?.hold?.nextProbe else { return false }
            return next != held && next.timeIntervalSinceNow > 30
        }
        #expect(try project.outcomes() == ["a open"])
        try FileManager.default.removeItem(atPath: project.repository.path.appending("made-a").string)
        try wait(for: "what is paid for to land") { try project.outcomes() == ["a landed"] }
        #expect(try project.history().project()?.hold?.kind == .budget)
        second.send(SIGTERM)
        #expect(second.wait().status == 0)
    }

    @Test(
        "a refusal without a token costs nothing, and is no unknown cost, though its stream had begun",
        arguments: [
            ("codex-usage-limit", "rate_limited"), ("codex-401", "auth_failed"),
            ("codex-quota", "billing"), ("codex-429", "rate_limited"),
        ]
    )
    func refusal(stream: String, outcome: String) throws {
        let project = try Project(
            "- [ ] One {#a}",
            settings: "budget: {iteration: $5, total: $9}\nprices: {codex: {input: 1.25, output: 10}}",
            agent: "codex"
        )
        let frames = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../AgentStreams/\(stream).jsonl").standardizedFileURL.path
        let text = "#!/bin/sh\ncat > /dev/null\ncat '\(frames)'\nexit 1\n"
        chmod(try project.place.write(text, to: "bin/codex").string, 0o755)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the refusal") {
            (try? project.outcomes().first?.hasSuffix(" open")) == false
        }
        #expect(try project.outcomes().first == "a \(outcome)")
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.reserved == Ceiling(usd: 5))
        #expect(row.sessionID != nil)
        #expect(row.assumed == Ceiling())
        #expect(try project.history().totalSpend().unknownIterations == 0)
        #expect(try project.history().ledger(now: Date()).total == Outlay())
        #expect(try project.history().project()?.hold == nil)
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test("the CLI is told its ceiling, and one that passes it all the same is ended, its work kept")
    func iterationCeiling() throws {
        let script = """
            echo "$@" >> $place/arguments
            echo half > half.txt
            say '\(FakeClaude.begin)'
            say '\(FakeClaude.message("m1", tokens: 60_000))'
            say '\(FakeClaude.message("m1", tokens: 60_000))'
            say '\(FakeClaude.message("m2", tokens: 60_000))'
            sleep 60
            """
        let project = try project(
            "budget: {iteration: $0.10}\nprices: {claude: {input: 1, output: 5}}\nattempts: 1",
            "- [ ] One {#a}",
            script: script
        )
        #expect(try project.run().status == 3)
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.outcome == .budgetExhausted)
        #expect(row.isStrike)
        #expect(row.error == "the budget of $0.10 for one iteration was used up ($0.12 spent)")
        #expect(row.cost == .derived(0.12))
        #expect(row.tokens == TokenUsage(input: 120_000))
        #expect(row.kept != nil)
        #expect(try project.place.read("arguments").contains("--max-budget-usd 0.1 "))
        #expect(try project.boxes() == [false])
    }

    @Test("an item that has used up its own budget is blocked; raising it in the PRD lets it go on")
    func itemCeiling() throws {
        let script = """
            say '\(FakeClaude.begin)'
            say '\(FakeClaude.result(usd: 0.3))'
            """
        let project = try project(
            "budget: {item: $9}\nattempts: 9",
            "- [ ] One {#a budget=$0.60}",
            script: script
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a no_change", "a no_change"])
        #expect(
            try project.item("a").block?.message.contains("raise `budget=` on line ") == true
        )
        let status = try project.ctl("status")
        #expect(status.status == 3)
        #expect(status.output.contains("its budget of $0.60"))
        let text = try project.prd().replacing("$0.60", with: "$0.90")
        try project.repository.commit("Raise", ["PRD.md": text])
        #expect(try project.run().status == 3)
        #expect(try project.outcomes().count == 3)
    }

    @Test(
        "a budget that cannot be held, and one over the host's limits, is a configuration error that names the way out",
        arguments: [
            (
                "agent: codex\nbudget: {day: $1}", "",
                "codex does not say what it costs: write `prices: {codex:"
            ),
            (
                "agent: [claude, kimi]\nbudget: {day: 1M tokens}", "",
                "kimi tells neither what it costs nor its tokens"
            ),
            ("agent: claude\nescalate: [claude:a, nobody:b]", "", "no agent is called nobody"),
            ("agent: claude\nbudget: {day: $50}", "limits: {budget: {day: $20}}", "this host allows $20.00"),
            (
                "agent: claude\ntimeout: 3h", "limits: {timeout: 2h}",
                "`timeout` is 3 hours, and this host allows"
            ),
        ]
    )
    func configuration(matter: String, host: String, message: String) throws {
        let project = try Project("- [ ] One {#a}", agent: "claude")
        try project.repository.commit("Plan", ["PRD.md": "---\nchecks: []\n\(matter)\n---\n- [ ] One {#a}\n"])
        for name in ["claude", "codex", "kimi"] {
            chmod(try project.place.write("#!/bin/sh\n", to: "bin/\(name)").string, 0o755)
        }
        try project.place.write(host, to: "host.yaml")
        let ending = try project.start(
            ["--config", project.place.path.appending("host.yaml").string, "--check-config"],
            untilDone: false
        ).wait()
        #expect(ending.status == 78)
        #expect(ending.errors.contains(message), "\(ending.errors)")
    }
}

extension Calendar {
    static var utc: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }
}
