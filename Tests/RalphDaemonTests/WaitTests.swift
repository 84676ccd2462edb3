import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// Limits that last from seconds to days, with the daemon killed meanwhile and its clock moved.
@Suite("waits", .timeLimit(.minutes(5)))
struct WaitTests {
    /// Says the first time that its limit is reached for so long, and works after that.
    fileprivate static func limitedOnce(_ seconds: Int) -> String {
        """
        if [ ! -e $place/reset ]; then
            echo $(($(date +%s) + \(seconds) + 1)) > $place/reset
            sed "s/RESET/$(cat $place/reset)/" $place/limit.jsonl
            exit 1
        fi
        echo x > made
        say '\(FakeClaude.begin)'
        say '\(FakeClaude.message("m", tokens: 10))'
        say '\(FakeClaude.result(usd: 0.1))'
        """
    }

    /// One project, its clock and its daemon.
    private final class Sleeper {
        var project: Project
        let clock: TestClock
        var daemon: DaemonProcess?

        init(seconds: Int) throws {
            project = try Project("- [ ] One {#a}", agent: "claude")
            clock = try TestClock(in: project.place.path)
            project.variables = clock.environment
            try project.place.write(FakeClaude.limit(resetsAt: "RESET") + "\n", to: "limit.jsonl")
            try FakeClaude.install(in: project, WaitTests.limitedOnce(seconds))
        }

        func reset() throws -> Date {
            let text = try project.place.read("reset").trimmingCharacters(in: .whitespacesAndNewlines)
            return Date(timeIntervalSince1970: try #require(Double(text)))
        }

        func start() throws { daemon = try project.start(untilDone: false) }

        func kill() {
            daemon?.send(SIGKILL)
            _ = daemon?.wait()
        }

        func until() throws -> Date? {
            try project.history().agents().first { $0.name == "claude" && $0.state == .asleep }?.until
        }
    }

    @Test(
        "trap 9: limits that reset in 2 s, 3 h and 4 days are slept out to the second, across kills and clock jumps"
    )
    func resets() throws {
        let sleepers = try [2, 10_800, 345_600].map { try Sleeper(seconds: $0) }
        for sleeper in sleepers {
            try sleeper.start()
            try wait(for: "the refusal") {
                (try? sleeper.project.outcomes().contains("a rate_limited")) == true
            }
            sleeper.kill()
        }
        var instants: [Date] = []
        for sleeper in sleepers {
            let (until, reset) = (try #require(try sleeper.until()), try sleeper.reset())
            #expect(until >= reset)
            #expect(until <= reset.addingTimeInterval(60))
            instants.append(until)
            // For the first of them that is back in time.
            try sleeper.clock.show(until.addingTimeInterval(-1000))
            try sleeper.start()
        }
        for (sleeper, until) in zip(sleepers, instants) {
            try wait(for: "the wait to go on") {
                let project = try sleeper.project.history().project()
                return project?.daemonPID == sleeper.daemon?.pid && project?.state == .waiting
            }
            #expect(try sleeper.until() == until)
            #expect(try sleeper.project.history().project()?.until == until)
            let status = try sleeper.project.ctl("status", "--json").output
            let json = try JSONSerialization.jsonObject(with: Data(status.utf8)) as? [String: Any]
            let shown = try #require(json?["until"] as? String, "\(status)")
            let instant = try Date(shown, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            #expect(abs(instant.timeIntervalSince(until)) < 0.01)
        }
        for (sleeper, until) in zip(sleepers, instants) {
            try sleeper.clock.show(until.addingTimeInterval(-0.7))
        }
        for (sleeper, until) in zip(sleepers, instants) {
            try wait(for: "the landing") { try sleeper.project.outcomes().contains("a landed") }
            let rows = try sleeper.project.iterations(of: "a")
            #expect(rows.map(\.outcome) == [.rateLimited, .landed])
            #expect(rows[0].error?.contains("You've hit your limit") == true)
            #expect(rows[0].limitReset == (try sleeper.reset()))
            #expect(rows.allSatisfy { !$0.isStrike })
            #expect(rows[1].startedAt >= until)
            #expect(rows[1].startedAt.timeIntervalSince(until) < 1)
            #expect(try sleeper.project.item("a").strikes == 0)
            sleeper.daemon?.send(SIGTERM)
            #expect(sleeper.daemon?.wait().status == 0)
            try sleeper.project.assertWhole()
        }
    }

    @Test("trap 29: a clock that jumps a day, either way, loses no wait and starts nothing early")
    func jumps() throws {
        let sleeper = try Sleeper(seconds: 36_000)
        try sleeper.start()
        try wait(for: "the wait") { (try? sleeper.project.history().project()?.state) == .waiting }
        let until = try #require(try sleeper.until())
        try sleeper.clock.show(until.addingTimeInterval(-86_400))
        try sleeper.clock.show(until.addingTimeInterval(86_400))
        try wait(for: "the landing") { try sleeper.project.outcomes().contains("a landed") }
        let row = try #require(try sleeper.project.iterations(of: "a").last)
        #expect(row.startedAt.timeIntervalSince(until.addingTimeInterval(86_400)) < 5)
        sleeper.daemon?.send(SIGTERM)
        #expect(sleeper.daemon?.wait().status == 0)
    }

    @Test(
        "trap 50: a wait for an instant ends on time, whether the six hours of sleep reach it or not",
        arguments: [18_000, 25_200]
    )
    func slept(seconds: Int) throws {
        let sleeper = try Sleeper(seconds: seconds)
        try sleeper.start()
        try wait(for: "the wait") { (try? sleeper.project.history().project()?.state) == .waiting }
        let until = try #require(try sleeper.until())
        let awake = sleeper.clock.now.addingTimeInterval(21_600)
        try sleeper.clock.show(awake)
        if until > awake {
            // An answer takes longer than a look at the clock.
            #expect(try sleeper.project.ctl("status").status == 0)
            #expect(try sleeper.project.outcomes() == ["a rate_limited"])
            try sleeper.clock.show(until)
        }
        try wait(for: "the landing") { try sleeper.project.outcomes().contains("a landed") }
        let row = try #require(try sleeper.project.iterations(of: "a").last)
        #expect(row.startedAt >= until)
        #expect(row.startedAt.timeIntervalSince(max(until, awake)) < 5)
        sleeper.daemon?.send(SIGTERM)
        #expect(sleeper.daemon?.wait().status == 0)
    }
}
