import Foundation

/// A wall-clock time as a CLI prints it: some of date, time and zone.
struct ResetMoment: Equatable {
    var year: Int?
    var month: Int?
    var day: Int?
    /// 1 is Sunday, as in Foundation.
    var weekday: Int?
    /// "today" is 0, "tomorrow" is 1.
    var daysAhead: Int?
    var hour = 0
    var minute = 0
    /// Nil: the one the agent ran in.
    var zone: TimeZone?

    /// Nil when there is no such day.
    func instant(now: Date, zone local: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone ?? local
        if let month, let day { return dated(month: month, day: day, now: now, in: calendar) }
        if let daysAhead { return on(daysAhead, after: now, in: calendar) }
        if let weekday {
            let ahead = (weekday - calendar.component(.weekday, from: now) + 7) % 7
            return upcoming(now: now, from: ahead, step: 7, in: calendar)
        }
        return upcoming(now: now, from: 0, step: 1, in: calendar)
    }

    /// A date without a year means the nearest one of that name, so that neither end of a year is read a year off.
    private func dated(month: Int, day: Int, now: Date, in calendar: Calendar) -> Date? {
        let thisYear = calendar.component(.year, from: now)
        let years = year.map { [$0] } ?? [thisYear - 1, thisYear, thisYear + 1]
        let candidates = years.compactMap { year in
            instants(of: DateComponents(year: year, month: month, day: day), now: now, in: calendar)
        }
        return candidates.min { abs($0.timeIntervalSince(now)) < abs($1.timeIntervalSince(now)) }
    }

    private func upcoming(now: Date, from ahead: Int, step: Int, in calendar: Calendar) -> Date? {
        guard let first = on(ahead, after: now, in: calendar) else { return nil }
        if first.timeIntervalSince(now) >= -ResetTime.grace { return first }
        return on(ahead + step, after: now, in: calendar)
    }

    private func on(_ days: Int, after now: Date, in calendar: Calendar) -> Date? {
        guard let day = calendar.date(byAdding: .day, value: days, to: now) else { return nil }
        return instants(
            of: calendar.dateComponents([.year, .month, .day], from: day),
            now: now,
            in: calendar
        )
    }

    /// The instant at which clocks show this time on that day. When they show it twice, the first that is not over;
    /// when they skip it, the same distance after the gap.
    private func instants(of day: DateComponents, now: Date, in calendar: Calendar) -> Date? {
        var components = day
        components.hour = hour
        components.minute = minute
        guard let date = calendar.date(from: components),
            calendar.component(.month, from: date) == day.month,
            calendar.component(.day, from: date) == day.day
        else { return nil }
        let shown: Set<Calendar.Component> = [.day, .hour, .minute]
        for hours in [-1.0, 0, 1] {
            let twin = date.addingTimeInterval(hours * 3600)
            guard calendar.dateComponents(shown, from: twin) == calendar.dateComponents(shown, from: date)
            else {
                continue
            }
            if twin >= now { return twin }
        }
        return date
    }
}
