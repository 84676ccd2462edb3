import Foundation

/// Reads a span or a moment of time off the start of a text.
struct ResetScanner {
    private var rest: Substring

    init(_ text: Substring) { rest = text }

    // MARK: Spans

    /// Seconds in "in 3 days 4 hours 5 minutes", "after 19h14m47s", "34.07s", "an hour"; nil when there is no span.
    mutating func span() -> Double? {
        skip(words: [
            "in", "after", "within", "again", "for", "another", "about", "around", "approximately", "roughly",
        ])
        var total: Double?
        while let amount = number() ?? (take(words: ["a", "an"]) ? 1 : nil), let unit = unit() {
            total = (total ?? 0) + amount * unit
            skip(words: ["and"])
        }
        return total
    }

    private mutating func number() -> Double? {
        skipSpace()
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard digits.count < 12, let value = Double(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }

    private mutating func unit() -> Double? {
        let before = rest
        let unit: Double? =
            switch word() {
            case "ms": 0.001
            case "s", "sec", "secs", "second", "seconds": 1
            case "m", "min", "mins", "minute", "minutes": 60
            case "h", "hr", "hrs", "hour", "hours": 3_600
            case "d", "day", "days": 86_400
            case "w", "week", "weeks": 604_800
            default: nil
            }
        if unit == nil { rest = before }
        return unit
    }

    // MARK: Moments

    /// Date, time and zone as far as they are given; nil when there is neither a date nor a full time of day.
    mutating func moment() -> ResetMoment? {
        var moment = ResetMoment()
        skip(words: ["again", "at", "on", "around", "after"])
        let hasDate = isoDate(into: &moment) || date(into: &moment)
        skip(words: ["at", "by", "t"])
        let hasTime = time(into: &moment)
        guard hasTime || hasDate else { return nil }
        moment.zone = zone()
        return moment
    }

    private mutating func isoDate(into moment: inout ResetMoment) -> Bool {
        skipSpace()
        let parts = rest.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return false }
        (moment.year, moment.month, moment.day) = (year, month, day)
        rest = rest.dropFirst(10)
        return true
    }

    /// "tomorrow", "Monday", "Oct 12", "12 Oct", "Mon, Jul 29th, 2026".
    private mutating func date(into moment: inout ResetMoment) -> Bool {
        if take(words: ["today"]) { moment.daysAhead = 0 }
        if take(words: ["tomorrow"]) { moment.daysAhead = 1 }
        let start = rest
        if let weekday = name(of: Self.weekdays) { moment.weekday = weekday } else { rest = start }
        let before = rest
        if let month = name(of: Self.months), let day = dayNumber() {
            (moment.month, moment.day) = (month, day)
        } else {
            rest = before
            if let day = dayNumber(), let month = name(of: Self.months) {
                (moment.month, moment.day) = (month, day)
            } else {
                rest = before
            }
        }
        if moment.month != nil { moment.year = yearNumber() }
        return moment.month != nil || moment.daysAhead != nil || moment.weekday != nil
    }

    private mutating func dayNumber() -> Int? {
        guard let day = integer(digits: 1...2), (1...31).contains(day) else { return nil }
        skip(words: ["st", "nd", "rd", "th"])
        return day
    }

    private mutating func yearNumber() -> Int? {
        let before = rest
        if let year = integer(digits: 4...4), rest.first != ":" { return year }
        rest = before
        return nil
    }

    /// "3pm", "10:18am", "12:16 PM", "15:30", "15:30:59".
    private mutating func time(into moment: inout ResetMoment) -> Bool {
        let before = rest
        guard var hour = integer(digits: 1...2) else { return false }
        var minute: Int?
        if rest.first == ":" {
            rest = rest.dropFirst()
            minute = integer(digits: 2...2)
            if rest.first == ":" { rest = rest.dropFirst().drop { $0.isNumber || $0 == "." } }
        }
        let half = halfOfDay()
        if let half, (1...12).contains(hour) { hour = hour % 12 + (half == "p" ? 12 : 0) }
        guard half != nil || minute != nil, (0...23).contains(hour), (0...59).contains(minute ?? 0) else {
            rest = before
            return false
        }
        (moment.hour, moment.minute) = (hour, minute ?? 0)
        return true
    }

    private mutating func halfOfDay() -> Character? {
        let before = rest
        skipSpace()
        let letters = rest.prefix { $0.isLetter || $0 == "." }.lowercased().filter { $0 != "." }
        guard letters == "am" || letters == "pm" else {
            rest = before
            return nil
        }
        rest = rest.drop { $0.isLetter || $0 == "." }
        return letters.first
    }

    /// "(Europe/Vilnius)", "(UTC)", "UTC", "Z", "GMT+3", "+02:00".
    private mutating func zone() -> TimeZone? {
        rest = rest.drop { $0.isWhitespace || $0 == "(" }
        let name = rest.prefix { $0.isLetter || $0.isNumber || "/_+-:".contains($0) }
        switch name {
        case "": return nil
        case "Z", "UTC", "GMT": return .gmt
        default: break
        }
        if let offset = Self.offset(name) { return TimeZone(secondsFromGMT: offset) }
        if name.contains("/") { return TimeZone(identifier: String(name)) }
        return name.allSatisfy { $0.isUppercase } ? TimeZone(abbreviation: String(name)) : nil
    }

    private static func offset(_ name: Substring) -> Int? {
        var text = name
        for prefix in ["UTC", "GMT"] where text.hasPrefix(prefix) { text = text.dropFirst(3) }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter(\.isNumber)
        guard let value = Int(digits), (1...4).contains(digits.count) else { return nil }
        let (hours, minutes) = digits.count > 2 ? (value / 100, value % 100) : (value, 0)
        guard hours <= 14, minutes < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    // MARK: Tokens

    private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace || $0 == "," } }

    private mutating func word() -> String {
        skipSpace()
        let letters = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(letters.count)
        return letters.lowercased()
    }

    private mutating func take(words: [String]) -> Bool {
        let before = rest
        if words.contains(word()) { return true }
        rest = before
        return false
    }

    private mutating func skip(words: [String]) { while take(words: words) {} }

    private mutating func integer(digits range: ClosedRange<Int>) -> Int? {
        skipSpace()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard range.contains(digits.count), let value = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }

    /// The place, from 1, of the name that the next word abbreviates to three letters or more.
    private mutating func name(of names: [String]) -> Int? {
        let word = word()
        guard word.count >= 3 else { return nil }
        return names.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november",
        "december",
    ]
    private static let weekdays = [
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    ]
}
