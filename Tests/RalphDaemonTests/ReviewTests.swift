import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// A `claude` that works, and a `critic` that looks at it.
@Suite("a reviewer", .timeLimit(.minutes(5)))
struct ReviewTests {
    private static let work = """
        echo x >> made
        mkdir -p .ralphd/outbox && echo "I made it." > .ralphd/outbox/summary.md
        say '\(FakeClaude.begin)'
        say '\(FakeClaude.message("m", tokens: 10))'
        say '\(FakeClaude.result(usd: 0.5))'
        """

    /// - Parameter critic: what the reviewer does; `$n` counts its runs from 0.
    private func project(
        _ critic: String,
        work: String = work,
        checks: String = "[\"true\"]",
        settings: String = ""
    ) throws -> Project {
        let project = try Project(
            "- [ ] Make it {#a}\n  - [ ] it is made\n",
            checks: checks,
            settings: "review: {agent: critic, timeout: 20s}\n" + settings,
            agent: "claude",
            described: "critic: {command: [critic], output: claude-stream-json}"
        )
        try FakeClaude.install(in: project, work)
        let script = """
            #!/bin/sh
            place=\(project.place.path.string)
            say() { printf '%s\\n' "$1"; }
            n=$(cat $place/reviews 2>/dev/null | wc -l)
            echo x >> $place/reviews
            cat > $place/review-prompt-$n
            git diff HEAD > $place/review-diff-$n
            pwd > $place/review-place
            echo evil > evil.txt
            mkdir -p .ralphd/outbox
            say '\(FakeClaude.begin)'
            \(critic)
            say '\(FakeClaude.result(usd: 0.25))'

            """
        chmod(try project.place.write(script, to: "bin/critic").string, 0o755)
        return project
    }

    @Test("what it found is told until work is judged again, and it is among the agents from the start")
    func findingsStand() throws {
        let project = try project(
            """
            if [ $n = 0 ]; then echo "1. made:1 is not what was asked for" > .ralphd/outbox/not-done.md
            else echo "Looked at all." > .ralphd/outbox/summary.md; fi
            """,
            work: """
                echo x >> $place/runs
                if [ $(wc -l < $place/runs) = 2 ]; then
                  say '\(FakeClaude.begin)'
                  say '\(FakeClaude.message("m", tokens: 10))'
                  exit 1
                fi
                if [ $(wc -l < $place/runs) = 3 ]; then cp .ralphd/feedback.md $place/feedback; fi
                \(Self.work)
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a review_rejected", "a agent_failed", "a landed"])
        let rows = try project.iterations(of: "a")
        let next = try project.prompt(of: rows[2])
        #expect(next.contains("# Last try (2 of 5): agent failed"), "\(next)")
        #expect(next.contains("Its work was not judged. The try before it passed its checks, but a reviewer"))
        #expect(next.contains("1. made:1 is not what was asked for"))
        #expect(try project.place.read("feedback").contains("1. made:1 is not what was asked for"))
        #expect(try project.history().agents().map(\.name).sorted() == ["claude", "critic"])
    }

    @Test(
        "what it finds keeps the work from landing and goes to the next try; without findings the work lands, and only that"
    )
    func findings() throws {
        let project = try project(
            """
            if [ $n = 0 ]; then echo "1. made:1 is not what was asked for" > .ralphd/outbox/not-done.md
            else echo "Looked at all." > .ralphd/outbox/summary.md; fi
            """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a review_rejected", "a landed"])
        let rows = try project.iterations(of: "a")
        #expect(rows[0].isStrike)
        #expect(rows[0].error == "1. made:1 is not what was asked for")
        #expect(rows.map(\.cost) == [.quoted(0.75), .quoted(0.75)])
        #expect(rows.map(\.tokens) == [TokenUsage(input: 2000), TokenUsage(input: 2000)])
        let next = try project.prompt(of: rows[1])
        #expect(next.contains("a reviewer found why it must not land"))
        #expect(next.contains("1. made:1 is not what was asked for"))
        #expect(next.utf8.count < 6000)

        let asked = try project.place.read("review-prompt-0")
        #expect(asked.contains("1. it is made"))
        #expect(asked.contains("> I made it."))
        #expect(asked.utf8.count < 4096)
        #expect(try project.place.read("review-diff-0").contains("+x"))
        #expect(!(try project.place.read("review-place").contains("workspaces/1\n")))
        #expect(try project.repository.show("made") == "x\nx")
        #expect(!(try project.repository.succeeds("cat-file", "-e", "main:evil.txt")))
        try project.assertWhole()
    }

    @Test("it is not asked about work that is red: it approves nothing")
    func red() throws {
        let project = try project(
            "echo fine > .ralphd/outbox/summary.md",
            checks: "[\"false\"]",
            settings: "attempts: 1"
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a checks_failed"])
        #expect(!FileManager.default.fileExists(atPath: project.place.path.appending("reviews").string))
    }

    @Test("without a verdict nothing lands: the work waits, and lands once there is one, also after a kill")
    func noVerdict() throws {
        var project = try project("[ $n -gt 0 ] && echo fine > .ralphd/outbox/summary.md")
        let clock = try TestClock(in: project.place.path)
        project.variables = clock.environment
        let daemon = try project.start(untilDone: false)
        try wait(for: "the wait") {
            let items = try? project.history().items()
            return items?.first?.reason?.contains("no review yet: critic: it left no verdict") == true
        }
        #expect(try project.boxes() == [false])
        #expect(try project.ctl("status").status == 0)
        daemon.send(SIGKILL)
        _ = daemon.wait()
        try project.run()
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.iterations(of: "a").map(\.cost) == [.quoted(1)])
        #expect(try project.landedItems() == ["a"])
    }

    @Test("what nobody knows of a review replaces nothing that is known, and each keeps its transcript")
    func unknownPart() throws {
        var project = try project(
            """
            if [ $n = 0 ]; then say '\(FakeClaude.message("r", tokens: 10))'; exit 1; fi
            echo fine > .ralphd/outbox/summary.md
            """,
            settings: "budget: {iteration: $2}"
        )
        let clock = try TestClock(in: project.place.path)
        project.variables = clock.environment
        let daemon = try project.start(untilDone: false)
        try wait(for: "the wait") { (try? project.history().project())??.until != nil }
        try clock.show(try #require(try project.history().project()?.until))
        try wait(for: "the landing") { try project.outcomes() == ["a landed"] }
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.cost == .quoted(0.75))
        #expect(row.tokens == TokenUsage(input: 2010))
        #expect(row.assumed == Ceiling(usd: 2))
        #expect(row.isUnpriced == true)
        let total = try project.history().totalSpend()
        #expect(total.quotedUSD == 0.75)
        #expect(total.unknownIterations == 1)
        let logs = "\(project.state)/\(row.logDirectory)"
        #expect(try String(contentsOfFile: "\(logs)/review-1.out", encoding: .utf8).contains("at it"))
        #expect(try String(contentsOfFile: "\(logs)/review.out", encoding: .utf8).contains("0.25"))
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test("it is not asked when nothing is left of the total: the project holds, and says why")
    func totalCeiling() throws {
        let project = try project(
            "echo \"$@\" > $place/review-arguments; say '\(FakeClaude.result(usd: 5))'; exit 0",
            settings: "budget: {total: $0.80}\nprices: {critic: {input: 1, output: 1}}"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the wait") {
            (try? project.history().items())?.first?.reason?.hasPrefix("no review yet") == true
        }
        #expect(try project.item("a").reason?.contains("left no verdict") == true)
        daemon.send(SIGKILL)
        _ = daemon.wait()
        let second = try project.start(untilDone: false)
        try wait(for: "the hold") { (try? project.history().project())??.hold?.kind == .budget }
        let reason = try project.item("a").reason
        #expect(reason?.hasPrefix("no review yet: the project's budget of $0.80: $5.50 is spent") == true)
        #expect(try project.place.read("reviews") == "x\n")
        #expect(try project.ctl("status").output.contains("$5.50"))
        second.send(SIGTERM)
        #expect(second.wait().status == 0)
    }

    @Test("one that is not there needs a person at once; once it is mended and asked again, the work lands")
    func missing() throws {
        let project = try project("echo fine > .ralphd/outbox/summary.md")
        let program = project.place.path.appending("bin/critic").string
        let aside = project.place.path.appending("critic").string
        try FileManager.default.moveItem(atPath: program, toPath: aside)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the need") { (try? project.history().items())?.first?.block != nil }
        let text = try project.ctl("status", "--json")
        #expect(text.status == 3)
        let status = try JSONSerialization.jsonObject(with: Data(text.output.utf8)) as? [String: Any]
        let needs = try #require(status?["needs_you"] as? [[String: Any]])
        #expect(needs.map { $0["kind"] as? String } == ["agent"])
        #expect(needs.map { $0["do"] as? String } == ["ralphctl agents test critic"])
        #expect((needs.first?["message"] as? String)?.contains("no program critic") == true)
        try FileManager.default.moveItem(atPath: aside, toPath: program)
        #expect(try project.ctl("agents", "retry", "critic").status == 0)
        try wait(for: "the landing") { try project.outcomes() == ["a landed"] }
        #expect(try project.iterations(of: "a").map(\.cost) == [.quoted(0.75)])
        #expect(try project.history().totalSpend().unknownIterations == 0)
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test("a limit of the reviewer's is slept out")
    func limited() throws {
        var project = try project(
            """
            if [ $n = 0 ]; then sed "s/RESET/$(($(date +%s) + 3600))/" $place/limit.jsonl; exit 1; fi
            echo fine > .ralphd/outbox/summary.md
            """
        )
        try project.place.write(FakeClaude.limit(resetsAt: "RESET") + "\n", to: "limit.jsonl")
        let clock = try TestClock(in: project.place.path)
        project.variables = clock.environment
        let daemon = try project.start(untilDone: false)
        try wait(for: "the wait") { (try? project.history().project())??.until != nil }
        let until = try #require(try project.history().project()?.until)
        #expect((3590...3720).contains(until.timeIntervalSince(clock.now)))
        try clock.show(until)
        try wait(for: "the landing") { try project.outcomes() == ["a landed"] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test(
        "that an item was done already may be confirmed by it, and may be refused",
        arguments: [("summary", "already_done", true), ("not-done", "review_rejected", false)]
    )
    func alreadyDone(_ file: String, _ outcome: String, _ isDone: Bool) throws {
        let project = try project(
            "echo looked > .ralphd/outbox/\(file).md",
            work: """
                mkdir -p .ralphd/outbox && echo "It is there." > .ralphd/outbox/already-done.md
                say '\(FakeClaude.begin)'
                say '\(FakeClaude.result(usd: 0.5))'
                """,
            settings: "attempts: 1"
        )
        #expect(try project.run().status == (isDone ? 0 : 3))
        #expect(try project.outcomes() == ["a \(outcome)"])
        #expect(try project.boxes() == [isDone])
        #expect(try project.place.read("review-prompt-0").contains("> It is there."))
    }
}
