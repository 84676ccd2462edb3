import Foundation
import Testing

@testable import RalphCommands

@Suite("amounts and times")
struct WordingTests {
    @Test(
        "durations",
        arguments: [
            (0, "0s"), (42, "42s"), (60, "1m"), (13 * 60 + 59, "13m"), (6 * 3600 + 12 * 60, "6h 12m"),
            (7200, "2h"),
            (86400 * 3 + 4 * 3600, "3d 4h"), (-5, "0s"),
        ]
    )
    func duration(seconds: Int, words: String) {
        #expect(Wording.duration(.seconds(seconds)) == words)
    }

    @Test("a stopwatch", arguments: [(22, "0:22"), (338, "5:38"), (4025, "1:07:05")])
    func stopwatch(seconds: Int, words: String) {
        #expect(Wording.stopwatch(.seconds(seconds)) == words)
    }

    @Test(
        "money; unknown is never nothing",
        arguments: [
            (6.4, "$6.40"), (31.066, "$31.07"), (0, "$0.00"), (0.002, "under $0.01"), (nil, "unknown"),
        ]
            as [(Double?, String)]
    )
    func money(usd: Double?, words: String) {
        #expect(Wording.money(usd) == words)
    }

    @Test("counts", arguments: [(999, "999"), (12_345, "12.3k"), (999_960, "1.0M"), (250_000, "250k")])
    func count(number: Int, words: String) {
        #expect(Wording.count(number) == words)
    }

    /// Sunday 22 November 2026, 01:14 in a zone one hour east.
    private static let now = Date(timeIntervalSince1970: 1_795_306_440)
    private static let time = LocalTime(now: now) { _ in 3600 }

    @Test("the head shows clock, weekday and day")
    func head() {
        #expect(WordingTests.time.head() == "01:14 Sun 22 Nov")
    }

    @Test(
        "a moment says as much of its day as is needed",
        arguments: [
            (-600, "01:04"), (-3 * 3600, "22:14"), (-30 * 3600, "Fri 19:14"), (-20 * 86400, "2 Nov 01:14"),
            (-400 * 86400, "18 Oct 2025"), (5 * 86400, "Fri 01:14"),
        ]
    )
    func moment(offset: Int, words: String) {
        #expect(WordingTests.time.moment(WordingTests.now.addingTimeInterval(Double(offset))) == words)
    }

    @Test(
        "calendar arithmetic holds across leap days and before 1970",
        arguments: [
            (951_782_400, "00:00 Tue 29 Feb"), (951_868_800, "00:00 Wed 1 Mar"), (-86400, "00:00 Wed 31 Dec"),
            (4_107_542_400, "00:00 Mon 1 Mar"),
        ]
    )
    func calendar(seconds: Int, words: String) {
        #expect(LocalTime(now: Date(timeIntervalSince1970: Double(seconds))) { _ in 0 }.head() == words)
    }
}
