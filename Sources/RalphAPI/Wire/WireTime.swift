package import struct Foundation.Date

/// Instants as JSON has them: `2026-11-22T01:14:05.123Z`, always UTC, always milliseconds.
package enum WireTime {
    private static let millisecondsPerDay: Int64 = 86_400_000
    /// Days from 0000-03-01, where years begin in this reckoning, to 1970-01-01.
    private static let epochDay: Int64 = 719_468
    private static let daysPerEra: Int64 = 146_097

    package static func text(_ date: Date) -> String {
        let total = milliseconds(date)
        let day = floorDivide(total, millisecondsPerDay)
        let rest = total - day * millisecondsPerDay
        let (year, month, dayOfMonth) = civil(fromDay: day)
        let seconds = rest / 1000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
            + "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(rest % 1000, 3))Z"
    }

    /// A time as RFC 3339 writes it, with any offset and any number of digits of a second's fraction, of which three count.
    /// Read by hand: a page of iterations has hundreds of times.
    package static func date(_ text: String) -> Date? {
        var reader = TimeReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let dayOfMonth = reader.number(digits: 2), reader.skip("Tt "),
            let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2),
            reader.skip(":"), let second = reader.number(digits: 2), let fraction = reader.fraction(),
            let east = reader.offset(), reader.isAtEnd,
            (1...12).contains(month), (1...31).contains(dayOfMonth), hour < 24, minute < 60, second < 61
        else { return nil }
        let day = self.day(year: year, month: month, dayOfMonth: dayOfMonth)
        let seconds = (hour * 60 + minute) * 60 + second - east
        return Date(
            timeIntervalSince1970: Double(day * millisecondsPerDay + seconds * 1000 + fraction) / 1000
        )
    }

    /// Milliseconds since 1970, to the nearest one, so that what was read is what is written.
    package static func milliseconds(_ date: Date) -> Int64 {
        let value = (date.timeIntervalSince1970 * 1000).rounded()
        return Int64(max(min(value, 253_402_300_799_999), -62_135_596_800_000))
    }

    private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + epochDay
        let era = floorDivide(shifted, daysPerEra)
        let dayOfEra = shifted - era * daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func day(year: Int64, month: Int64, dayOfMonth: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1
        return era * daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - epochDay
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Takes a time apart from left to right.
private struct TimeReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly so many digits.
    mutating func number(digits: Int) -> Int64? {
        guard rest.count >= digits else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        rest = rest.dropFirst(digits)
        return value
    }

    /// One of these characters.
    mutating func skip(_ allowed: String) -> Bool {
        guard let byte = rest.first, allowed.utf8.contains(byte) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Milliseconds; 0 without a fraction, nil for a point without digits.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        let three = digits.prefix(3).reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return three * (digits.count == 1 ? 100 : digits.count == 2 ? 10 : 1)
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int64? {
        if skip("Zz") { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard skip("+-"), let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2),
            hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes) * 60
    }
}
