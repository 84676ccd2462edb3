import struct Foundation.Date

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Instants as the person's wall clock shows them. Does its own calendar arithmetic: loading a calendar library costs
/// more than the whole of `ralphctl status` may.
struct LocalTime: Sendable {
    /// Instant to which "today" refers.
    var now: Date
    private var secondsEast: @Sendable (Date) -> Int

    init(now: Date, secondsEast: @escaping @Sendable (Date) -> Int) {
        self.now = now
        self.secondsEast = secondsEast
    }

    /// The zone of the process (`TZ`, else the host's).
    static func system(now: Date) -> LocalTime {
        LocalTime(now: now) { date in
            var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
            var fields = tm()
            return localtime_r(&seconds, &fields) == nil ? 0 : fields.tm_gmtoff
        }
    }

    /// "01:14".
    func clock(_ date: Date) -> String { Fields(local(date)).clock }

    /// "01:14 Sun 22 Nov", for a head.
    func head() -> String {
        let fields = Fields(local(now))
        return "\(fields.clock) \(fields.weekday) \(fields.dayAndMonth)"
    }

    /// "01:14" while nobody can mistake the day, else "Thu 01:14", "3 Nov 01:14" or "3 Nov 2025".
    func moment(_ date: Date) -> String {
        let fields = Fields(local(date))
        let today = Fields(local(now))
        let distance = abs(fields.dayNumber - today.dayNumber)
        if distance == 0 || abs(date.timeIntervalSince(now)) < LocalTime.sameNight { return fields.clock }
        if distance < 7 { return "\(fields.weekday) \(fields.clock)" }
        if fields.year == today.year { return "\(fields.dayAndMonth) \(fields.clock)" }
        return "\(fields.dayAndMonth) \(fields.year)"
    }

    /// Between evening and morning the clock alone says enough.
    private static let sameNight: Double = 12 * 3600

    /// The last time at which the person's clock said so.
    func last(hour: Int, minute: Int) -> Date {
        let today = local(now).quotientDown(by: 86400) * 86400 + hour * 3600 + minute * 60
        let candidates = [today, today - 86400].map {
            instant(ofLocal: Date(timeIntervalSince1970: Double($0)))
        }
        return candidates.first { $0 <= now } ?? candidates[1]
    }

    /// The instant at which the person's clock shows what a UTC clock shows at `date`.
    func instant(ofLocal date: Date) -> Date {
        let guess = date.addingTimeInterval(-Double(secondsEast(date)))
        return date.addingTimeInterval(-Double(secondsEast(guess)))
    }

    private func local(_ date: Date) -> Int {
        Int(date.timeIntervalSince1970.rounded(.down)) + secondsEast(date)
    }
}

/// A proleptic Gregorian date and time of day.
private struct Fields {
    var dayNumber: Int
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int

    /// From seconds since 1970-01-01T00:00 in the zone's own count.
    init(_ seconds: Int) {
        dayNumber = seconds.quotientDown(by: 86400)
        let secondOfDay = seconds - dayNumber * 86400
        hour = secondOfDay / 3600
        minute = secondOfDay % 3600 / 60
        // Years counted from March, so that the leap day comes last; 719,468 days lie between 0000-03-01 and 1970-01-01,
        // 146,097 make up 400 years.
        let shifted = dayNumber + 719_468
        let era = shifted.quotientDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var clock: String { "\(Wording.twoDigits(Int64(hour))):\(Wording.twoDigits(Int64(minute)))" }
    var dayAndMonth: String { "\(day) \(Fields.months[month - 1])" }
    /// 1970-01-01 was a Thursday.
    var weekday: String { Fields.weekdays[dayNumber - dayNumber.quotientDown(by: 7) * 7] }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension Int {
    /// Division that rounds down, also below zero.
    fileprivate func quotientDown(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
    }
}
