package import struct Foundation.Date
package import struct Foundation.TimeZone

/// The instant at which a usage limit ends, read from what the CLI said.
///
/// Understands clock times with or without date, year and zone, spans of time ("in 3 days 4 hours", "after 19h14m47s")
/// and epoch numbers. A time of day that passed some minutes ago means now, one that passed longer ago means tomorrow.
package enum ResetTime {
    /// How long ago a bare clock time may be and still mean "just now", because the CLI cut off its seconds or was slow.
    static let grace = 600.0
    /// What lies farther ahead is a misreading: no provider has a window longer than a month.
    static let horizon = 62.0 * 86_400

    /// Nil when the text states no time. Never before `now`.
    package static func parse(_ text: String, now: Date, zone: TimeZone) -> Date? {
        if let epoch = epochTail(of: text) { return at(epoch: epoch, now: now) }
        for tail in tails(of: text) {
            var scanner = ResetScanner(tail)
            if let span = scanner.span() { return bounded(now.addingTimeInterval(span), now: now) }
            scanner = ResetScanner(tail)
            if let moment = scanner.moment() {
                return moment.instant(now: now, zone: zone).flatMap { bounded($0, now: now) }
            }
        }
        return nil
    }

    /// The same for a field that holds seconds, or milliseconds, since 1970.
    package static func at(epoch: Double, now: Date) -> Date? {
        guard epoch.isFinite, epoch > 0 else { return nil }
        // Seconds reach this number in the year 5138.
        let seconds = epoch > 100_000_000_000 ? epoch / 1000 : epoch
        return bounded(Date(timeIntervalSince1970: seconds), now: now)
    }

    private static func bounded(_ instant: Date, now: Date) -> Date? {
        instant.timeIntervalSince(now) > horizon ? nil : max(instant, now)
    }

    /// `…limit reached|1751997600`.
    private static func epochTail(of text: String) -> Double? {
        guard let bar = text.lastIndex(of: "|") else { return nil }
        let digits = text[text.index(after: bar)...].prefix { $0.isASCII && $0.isNumber }
        return (10...13).contains(digits.count) ? Double(digits) : nil
    }

    /// What follows each word that announces a time, longest announcements first at each place.
    private static func tails(of text: String) -> [Substring] {
        var tails: [(Substring.Index, Substring)] = []
        for mark in marks {
            var rest = text[...]
            while let range = rest.range(of: mark, options: .caseInsensitive) {
                rest = rest[range.upperBound...]
                tails.append((range.lowerBound, rest))
            }
        }
        return tails.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static let marks = [
        "resets", "reset at", "reset on", "reset in", "reset after", "try again", "retry in", "retry after",
        "retry-after:", "available again", "available at", "available in", "renews", "reset time:", "until",
        "please wait",
    ]
}
