package import Foundation

/// `hours:`: when iterations may begin, by the host's clock.
package struct WorkingHours: Equatable, Codable, Sendable, CustomStringConvertible {
    /// Minutes since midnight. An end that is not after the start is the next day's.
    package struct Span: Equatable, Codable, Sendable {
        package var start: Int
        package var end: Int

        func holds(_ minute: Int) -> Bool {
            start < end ? start <= minute && minute < end : minute >= start || minute < end
        }
    }

    package var spans: [Span]

    package init(_ spans: [Span]) { self.spans = spans }

    private static let minutesOfHour = 60
    private static let hoursOfDay = 24
    /// Openings that are looked at before one counts as never coming: a week of them, each skipped by a clock change.
    private static let mostOpenings = 8

    /// `22:00-07:00`, `9-17:30`. Nil for anything else, and for a span of no length.
    package init?(text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.minute(of: $0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start != end,
            start < Self.hoursOfDay * Self.minutesOfHour
        else { return nil }
        spans = [Span(start: start, end: end == Self.hoursOfDay * Self.minutesOfHour ? 0 : end)]
        if spans[0].start == spans[0].end { return nil }
    }

    private static func minute(of text: Substring) -> Int? {
        let parts = text.filter { $0 != " " }.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> Int? in
            guard (1...2).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else {
                return nil
            }
            return Int(part)
        }
        guard numbers.count == parts.count, (1...2).contains(numbers.count) else { return nil }
        let (hour, minute) = (numbers[0], numbers.count == 2 ? numbers[1] : 0)
        guard hour < hoursOfDay && minute < minutesOfHour || hour == hoursOfDay && minute == 0 else {
            return nil
        }
        return hour * minutesOfHour + minute
    }

    /// Whether the clocks of the zone show a time within the hours.
    package func isOpen(at instant: Date, in zone: TimeZone) -> Bool {
        let time = Self.calendar(zone).dateComponents([.hour, .minute], from: instant)
        let minute = (time.hour ?? 0) * Self.minutesOfHour + (time.minute ?? 0)
        return spans.contains { $0.holds(minute) }
    }

    /// When the hours begin next; across a change of the clocks the first instant that is within them.
    package func nextOpening(after instant: Date, in zone: TimeZone) -> Date {
        let calendar = Self.calendar(zone)
        let openings = spans.compactMap { span -> Date? in
            var from = instant
            for _ in 0..<Self.mostOpenings {
                let time = DateComponents(
                    hour: span.start / Self.minutesOfHour,
                    minute: span.start % Self.minutesOfHour,
                    second: 0
                )
                guard let next = calendar.nextDate(after: from, matching: time, matchingPolicy: .nextTime)
                else {
                    return nil
                }
                if isOpen(at: next, in: zone) { return next }
                from = next
            }
            return nil
        }
        return openings.min() ?? instant.addingTimeInterval(3600)
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    package var description: String {
        spans.map { "\(Self.text($0.start))-\(Self.text($0.end))" }.joined(separator: ", ")
    }

    private static func text(_ minute: Int) -> String {
        func digits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return digits(minute / minutesOfHour) + ":" + digits(minute % minutesOfHour)
    }
}
