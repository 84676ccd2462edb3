import Foundation
import RalphAgents
import Testing

/// A sentence, the clock when it was said, the zone it was said in, and the instant it means.
struct ResetCase: CustomTestStringConvertible, Sendable {
    let text: String
    let now: String
    let zone: String
    let reset: String?

    init(_ text: String, at now: String = "2026-11-22T10:05:00Z", in zone: String = "UTC", _ reset: String?) {
        self.text = text
        self.now = now
        self.zone = zone
        self.reset = reset
    }

    var testDescription: String { "\(text) @ \(now) \(zone)" }
}

@Suite("reset times")
struct ResetTimeTests {
    @Test(
        "a stated reset is the right instant",
        arguments: clocks + dates + spans + zones + daylight + nothing + moreClocks + moreDates + moreSpans
            + moreZones
    )
    func instant(_ row: ResetCase) throws {
        let zone = try #require(TimeZone(identifier: row.zone))
        let reset = ResetTime.parse(row.text, now: date(row.now), zone: zone)
        guard let reset, let expected = row.reset.map(date) else {
            return #expect((reset == nil) == (row.reset == nil), "\(String(describing: reset))")
        }
        #expect(abs(reset.timeIntervalSince(expected)) < 0.001, "\(reset)")
    }

    static let clocks = [
        ResetCase("You've hit your limit · resets 11:17am (UTC)", "2026-11-22T11:17:00Z"),
        ResetCase("You’ve hit your limit · resets 3pm", "2026-11-22T15:00:00Z"),
        ResetCase("5-hour limit reached ∙ resets 5am", "2026-11-23T05:00:00Z"),
        ResetCase("or try again at 12:16 PM.", "2026-11-22T12:16:00Z"),
        // The narrow space that JavaScript puts before AM and PM.
        ResetCase("try again at 3:09\u{202F}PM.", "2026-11-22T15:09:00Z"),
        ResetCase("resets at 3:09 p.m.", "2026-11-22T15:09:00Z"),
        ResetCase("resets 12am", "2026-11-23T00:00:00Z"),
        ResetCase("resets 12pm", "2026-11-22T12:00:00Z"),
        ResetCase("resets 12:30 am", "2026-11-23T00:30:00Z"),
        ResetCase("Your limit will reset at 15:30", "2026-11-22T15:30:00Z"),
        ResetCase("reset at 15:30:59 today", "2026-11-22T15:30:00Z"),
        // Just past is now; longer past is tomorrow; the same minute is now.
        ResetCase("resets 10am", at: "2026-11-22T10:05:00Z", "2026-11-22T10:05:00Z"),
        ResetCase("resets 10am", at: "2026-11-22T10:10:01Z", "2026-11-23T10:00:00Z"),
        ResetCase("resets 10:05am", at: "2026-11-22T10:05:30Z", "2026-11-22T10:05:30Z"),
        // Across midnight, both ways.
        ResetCase("resets 12:10am", at: "2026-11-22T23:50:00Z", "2026-11-23T00:10:00Z"),
        ResetCase("resets tomorrow at 8am", "2026-11-23T08:00:00Z"),
        ResetCase("resets today at 11pm", "2026-11-22T23:00:00Z"),
    ]

    static let dates = [
        ResetCase("You've hit your limit · resets Nov 25, 10:18am (UTC)", "2026-11-25T10:18:00Z"),
        ResetCase("resets Oct 12, 8am (Europe/Paris)", at: "2026-10-08T08:00:00Z", "2026-10-12T06:00:00Z"),
        ResetCase("try again at Jul 29th, 2026 1:05 AM.", at: "2026-07-27T08:00:00Z", "2026-07-29T01:05:00Z"),
        ResetCase("try again at Dec 1st, 2026 11:59 PM.", "2026-12-01T23:59:00Z"),
        ResetCase("resets on 25 November at 9am", "2026-11-25T09:00:00Z"),
        ResetCase("resets Nov 25 at 9:30", "2026-11-25T09:30:00Z"),
        ResetCase("resets Dec 1", "2026-12-01T00:00:00Z"),
        ResetCase("resets at 2026-11-25T10:18:00Z", "2026-11-25T10:18:00Z"),
        ResetCase("resets at 2026-11-25T10:18:00.123+02:00", "2026-11-25T08:18:00Z"),
        ResetCase("available again at 2026-11-25 10:18 UTC", "2026-11-25T10:18:00Z"),
        // 22 November 2026 is a Sunday.
        ResetCase("resets Monday 8am", "2026-11-23T08:00:00Z"),
        ResetCase("resets Sun, 9am", "2026-11-29T09:00:00Z"),
        ResetCase("resets Sunday at 11am", "2026-11-22T11:00:00Z"),
        // The turn of the year: the nearest date of that name.
        ResetCase("resets Jan 2, 8am", at: "2026-12-30T10:00:00Z", "2027-01-02T08:00:00Z"),
        ResetCase("resets Dec 31, 11pm", at: "2027-01-01T00:10:00Z", "2027-01-01T00:10:00Z"),
        // A date that is over means now, never next year.
        ResetCase("resets Nov 22, 9am", "2026-11-22T10:05:00Z"),
        ResetCase("resets Nov 20, 9am", "2026-11-22T10:05:00Z"),
        ResetCase("resets Feb 29, 9am", at: "2028-02-27T00:00:00Z", "2028-02-29T09:00:00Z"),
    ]

    static let spans = [
        ResetCase("try again in 3 days 4 hours 5 minutes", "2026-11-25T14:10:00Z"),
        ResetCase("Your quota will reset after 19h14m47s.]", "2026-11-23T05:19:47Z"),
        ResetCase("Please retry in 90.0s", "2026-11-22T10:06:30Z"),
        ResetCase("Retry after 30 seconds", "2026-11-22T10:05:30Z"),
        ResetCase("resets in 2h 30m", "2026-11-22T12:35:00Z"),
        ResetCase("resets in an hour", "2026-11-22T11:05:00Z"),
        ResetCase("resets in 1 hour and 5 minutes", "2026-11-22T11:10:00Z"),
        ResetCase("try again in 1 week", "2026-11-29T10:05:00Z"),
        ResetCase("Please try again in 3 days 4 hours.", "2026-11-25T14:05:00Z"),
        ResetCase("resets in about 2 hours, 13 minutes", "2026-11-22T12:18:00Z"),
        ResetCase("Too many requests. Please wait for another 34 seconds.", "2026-11-22T10:05:34Z"),
        ResetCase("Usage limit reached until 5:30 PM", "2026-11-22T17:30:00Z"),
        ResetCase("limit reached, try again after 5pm (Europe/Vilnius)", "2026-11-22T15:00:00Z"),
        ResetCase("Waiting for API capacity... attempt 3, retry in 45s", "2026-11-22T10:05:45Z"),
        ResetCase("Claude AI usage limit reached|1795346253", "2026-11-22T11:17:33Z"),
        ResetCase("Claude AI usage limit reached|1795346253000", "2026-11-22T11:17:33Z"),
        ResetCase("Claude AI usage limit reached|1751997600", "2026-11-22T10:05:00Z"),
    ]

    static let zones = [
        ResetCase("resets 1:17pm (Europe/Vilnius)", "2026-11-22T11:17:00Z"),
        ResetCase("resets 10:10pm (Europe/Moscow)", in: "America/New_York", "2026-11-22T19:10:00Z"),
        ResetCase("resets 12:16 PM", in: "Europe/Vilnius", "2026-11-22T10:16:00Z"),
        ResetCase("resets 3am (Asia/Tokyo)", "2026-11-22T18:00:00Z"),
        // Today there is yesterday here.
        ResetCase(
            "resets 9am (Asia/Tokyo)",
            at: "2026-11-22T23:30:00Z",
            in: "America/New_York",
            "2026-11-23T00:00:00Z"
        ),
        ResetCase("resets 3pm UTC", in: "Asia/Tokyo", "2026-11-22T15:00:00Z"),
        ResetCase("resets 3pm (UTC+2)", "2026-11-22T13:00:00Z"),
        ResetCase("resets 3pm (GMT-05:30)", "2026-11-22T20:30:00Z"),
        ResetCase("resets 3pm (America/Argentina/Buenos_Aires)", "2026-11-22T18:00:00Z"),
        // An unknown zone is read as the agent's own.
        ResetCase("resets 3pm (Mars/Olympus)", in: "Europe/Vilnius", "2026-11-22T13:00:00Z"),
        ResetCase("resets 3pm or upgrade", in: "Europe/Vilnius", "2026-11-22T13:00:00Z"),
        ResetCase("resets 3pm (Asia/Kolkata)", at: "2026-11-22T05:00:00Z", "2026-11-22T09:30:00Z"),
    ]

    static let daylight = [
        // Clocks go forward in the night of 29 March: eight in the morning is nine hours after ten in the evening.
        ResetCase("resets 8am (Europe/Berlin)", at: "2026-03-28T21:00:00Z", "2026-03-29T06:00:00Z"),
        // Half past two does not exist that night; the instant is the same distance after the gap.
        ResetCase("resets 2:30am (Europe/Berlin)", at: "2026-03-28T21:00:00Z", "2026-03-29T01:30:00Z"),
        // Clocks go back in the night of 25 October: half past two is there twice.
        ResetCase("resets 8am (Europe/Berlin)", at: "2026-10-24T20:00:00Z", "2026-10-25T07:00:00Z"),
        ResetCase("resets 2:30am (Europe/Berlin)", at: "2026-10-24T20:00:00Z", "2026-10-25T00:30:00Z"),
        ResetCase("resets 2:30am (Europe/Berlin)", at: "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z"),
        ResetCase("resets 3am (America/New_York)", at: "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z"),
        ResetCase("resets Nov 1, 8am (America/New_York)", at: "2026-10-29T12:00:00Z", "2026-11-01T13:00:00Z"),
        // A zone that changes at midnight, and one by half an hour.
        ResetCase("resets 8am (America/Havana)", at: "2026-03-08T03:00:00Z", "2026-03-08T12:00:00Z"),
        ResetCase("resets 8am (Australia/Lord_Howe)", at: "2026-10-03T10:00:00Z", "2026-10-03T21:00:00Z"),
    ]

    static let nothing = [
        ResetCase("You've reached your Fable limit. Run /usage-credits to continue or switch models.", nil),
        ResetCase("You've hit your usage limit. Try again later.", nil),
        ResetCase("Please wait and try again later.", nil),
        ResetCase("resets soon", nil),
        ResetCase("resets 25:00", nil),
        ResetCase("resets 5", nil),
        ResetCase("resets 10:99am", nil),
        ResetCase("resets Feb 30, 9am", nil),
        ResetCase("try again in a few minutes", nil),
        ResetCase("at 3pm we had a limit", nil),
        ResetCase("You are limited until you upgrade to Pro", nil),
        ResetCase("please wait and see", nil),
        ResetCase("", nil),
        // No window is that long: it is a misreading.
        ResetCase("try again in 400 days", nil),
        ResetCase("limit reached|9999999999", nil),
        ResetCase("resets in 99999999999999999999 days", nil),
    ]

    @Test("an epoch field counts seconds or milliseconds, and nonsense counts nothing")
    func epochs() {
        let now = StreamRun.now
        #expect(ResetTime.at(epoch: 1_795_346_253, now: now) == date("2026-11-22T11:17:33Z"))
        #expect(ResetTime.at(epoch: 1_795_346_253_000, now: now) == date("2026-11-22T11:17:33Z"))
        #expect(ResetTime.at(epoch: 5, now: now) == now)
        for nonsense in [0, -1, 1e300, .infinity, .nan] {
            #expect(ResetTime.at(epoch: nonsense, now: now) == nil)
        }
    }
}
