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
            if let instant = instant(in: tail, now: now, zone: zone) { return bounded(instant, now: now) }
        }
        return nil
    }

    private static func instant(in tail: Tail, now: Date, zone: TimeZone) -> Date? {
        var scanner = ResetScanner(tail.text)
        if let epoch = scanner.epoch() { return at(epoch: epoch, now: now) }
        if let span = scanner.span() { return now.addingTimeInterval(span) }
        if tail.takesBareSeconds {
            scanner = ResetScanner(tail.text)
            if let seconds = scanner.bareSeconds() { return now.addingTimeInterval(seconds) }
        }
        scanner = ResetScanner(tail.text)
        return scanner.moment()?.instant(now: now, zone: zone)
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

    /// What follows a word that announces a time.
    private struct Tail {
        var text: Substring
        /// A number without a unit is seconds.
        var takesBareSeconds: Bool
    }

    /// In their order; the longest announcement first where several begin at one place.
    private static func tails(of text: String) -> [Tail] {
        var tails: [(start: Substring.Index, end: Substring.Index, tail: Tail)] = []
        for mark in marks + secondsMarks {
            var rest = text[...]
            while let range = rest.range(of: mark, options: .caseInsensitive) {
                rest = rest[range.upperBound...]
                // "renews" begins like "renew".
                let tail = Tail(
                    text: rest.drop(while: \.isLetter),
                    takesBareSeconds: secondsMarks.contains(mark)
                )
                tails.append((range.lowerBound, range.upperBound, tail))
            }
        }
        return tails.sorted { ($0.start, $1.end) < ($1.start, $0.end) }.map(\.tail)
    }

    private static let marks = [
        "resets", "reset at", "reset on", "reset in", "reset after", "reset:", "reset time", "reset date",
        "reset_at",
        "try again", "again at", "again in", "again on", "again after", "again from", "retry in", "retry at",
        "available", "renew", "refresh", "restored", "replenish", "lifted", "unlocks", "until", "come back",
        "back at", "back in", "wait ",
    ]
    /// Fields and headers that count in seconds.
    private static let secondsMarks = [
        "retry after", "retry-after", "retry_after", "retry_after_seconds", "resets_in_seconds",
        "reset_in_seconds",
    ]
}
