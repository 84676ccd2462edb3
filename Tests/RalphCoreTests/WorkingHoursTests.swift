import Foundation
import Testing

@testable import RalphCore

@Suite("Iterations begin within the hours alone")
struct WorkingHoursTests {
    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(
        "hours are read, and what is none is not",
        arguments: [
            ("22:00-07:00", "22:00-07:00"), ("9-17:30", "09:00-17:30"), ("18:00 - 24:00", "18:00-00:00"),
            ("22:00", nil), ("7:00-7:00", nil), ("25:00-26:00", nil), ("22:61-23:00", nil), ("a-b", nil),
            ("", nil),
            ("0-24", nil), ("-5:00-6:00", nil), ("22:00-07:00-08:00", nil),
        ] as [(String, String?)]
    )
    func parse(text: String, read: String?) {
        #expect(WorkingHours(text: text)?.description == read)
    }

    @Test("across midnight, and to the minute")
    func acrossMidnight() throws {
        let hours = try #require(WorkingHours(text: "22:00-07:00"))
        for (time, isOpen) in [
            ("21:59:59", false), ("22:00:00", true), ("23:59:59", true), ("00:00:00", true),
            ("06:59:59", true),
            ("07:00:00", false), ("12:00:00", false),
        ] {
            let instant = try date("2026-11-22T\(time)Z")
            #expect(hours.isOpen(at: instant, in: .gmt) == isOpen, "\(time)")
        }
        #expect(
            try hours.nextOpening(after: date("2026-11-22T07:00:00Z"), in: .gmt)
                == date("2026-11-22T22:00:00Z")
        )
    }

    @Test("an opening that the clocks skip comes when they have, and one that they show twice comes once")
    func clockChanges() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let skipped = try #require(WorkingHours(text: "02:30-06:00"))
        #expect(
            try skipped.nextOpening(after: date("2026-03-28T23:00:00Z"), in: berlin)
                == date("2026-03-29T01:00:00Z")
        )
        let gone = try #require(WorkingHours(text: "02:15-02:45"))
        #expect(
            try gone.nextOpening(after: date("2026-03-28T23:00:00Z"), in: berlin)
                == date("2026-03-30T00:15:00Z")
        )
        let twice = try #require(WorkingHours(text: "02:30-06:00"))
        #expect(
            try twice.nextOpening(after: date("2026-10-24T22:00:00Z"), in: berlin)
                == date("2026-10-25T00:30:00Z")
        )
        #expect(try twice.isOpen(at: date("2026-10-25T04:59:00Z"), in: berlin))
        #expect(try !twice.isOpen(at: date("2026-10-25T05:00:00Z"), in: berlin))
    }

    @Test("outside the hours nothing begins, what runs goes on, and the wait says until when")
    func gate() throws {
        var run = MachineFixture([item("a"), item("b")]) {
            $0.hours = WorkingHours(text: "22:00-07:00")
            $0.agents = [AgentChoice(name: "claude")]
        }
        // 2027-01-15T08:00:00Z
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .waiting)
        #expect(run.machine.project.reason == "outside the hours 22:00-07:00")
        let opening = try date("2027-01-15T22:00:00Z")
        #expect(run.machine.project.until == opening)
        #expect(run.wake == opening)
        #expect(run.exitCode == nil)
        run.send(.woke, after: opening.timeIntervalSince(run.now) - 1)
        #expect(run.started.isEmpty)
        run.send(.woke, after: 1)
        #expect(run.started == [1])
        run.send(.woke, after: 9.5 * 3600)
        #expect(run.machine.project.state == .running)
        run.end(1, .landed)
        #expect(run.started.isEmpty)
        #expect(run.machine.project.until == (try date("2027-01-16T22:00:00Z")))
    }

    @Test("the hours do not wake a project that has nothing to do")
    func idle() {
        var run = MachineFixture([item("a") { $0.isTicked = true }]) {
            $0.hours = WorkingHours(text: "22:00-07:00")
            $0.isUntilDone = false
        }
        run.send(.woke)
        #expect(run.machine.project.state == .idle)
        #expect(run.wake == nil)
    }
}
