import Foundation

/// Reads a span or a moment of time off the start of a text.
struct ResetScanner {
    var rest: Substring

    /// What stands between an announcement and its time, as in `resets_at": "…` or "resets: …", is no part of it.
    init(_ text: Substring) { rest = text.drop { ":=_\"'-–—".contains($0) || $0.isWhitespace } }

    // MARK: Spans

    /// Seconds in "in 3 days 4 hours 5 minutes", "after 19h14m47s", "34.07s", "in half an hour", "in 01:30:00"; nil when there
    /// is no span.
    mutating func span() -> Double? {
        let start = rest
        skip(words: [
            "in", "after", "within", "again", "for", "another", "about", "around", "approximately", "roughly",
            "the", "next",
        ])
        if rest.startIndex != start.startIndex, let clock = clockSpan() { return clock }
        var total: Double?
        var last = 0.0
        while let amount = amount(), let unit = amount.isWhole ? unit() : Optional(last) {
            total = (total ?? 0) + amount.value * unit
            last = unit
            if rest.first == "." { rest = rest.dropFirst() }
            skip(words: ["and"])
        }
        return total
    }

    /// "3", "a", "half an", "two", and the "a half" behind "an hour and", which is of the unit before.
    private mutating func amount() -> (value: Double, isWhole: Bool)? {
        if let number = number() { return (number, true) }
        if take(words: ["half"]) {
            skip(words: ["a", "an"])
            return (0.5, true)
        }
        let before = rest
        if take(words: ["a", "an"]) { return take(words: ["half"]) ? (0.5, false) : (1, true) }
        if let index = Self.numbers.firstIndex(of: word()) { return (Double(index + 1), true) }
        rest = before
        return nil
    }

    /// "01:30:00", hours first; a time of day is not said after "in".
    private mutating func clockSpan() -> Double? {
        let before = rest
        skipSpace()
        let parts = rest.prefix { $0.isNumber || $0 == ":" }.split(
            separator: ":",
            omittingEmptySubsequences: false
        )
        let values = parts.compactMap { Double($0) }
        guard parts.count == 3, values.count == 3, values[1] < 60, values[2] < 60 else {
            rest = before
            return nil
        }
        return values[0] * 3_600 + values[1] * 60 + values[2]
    }

    /// Seconds, where the announcement itself says that a bare number is one: `retry-after: 3600`.
    mutating func bareSeconds() -> Double? {
        guard let value = number(), rest.first.map({ !$0.isLetter && !":/-".contains($0) }) ?? true else {
            return nil
        }
        return value
    }

    /// Seconds or milliseconds since 1970, in ten to thirteen digits.
    mutating func epoch() -> Double? {
        skip(words: ["at", "on", "time"])
        rest = rest.drop { ":=\"'".contains($0) || $0.isWhitespace }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        return (10...13).contains(digits.count) ? Double(digits) : nil
    }

    private mutating func number() -> Double? {
        skipSpace()
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        // A full stop ends the sentence, not the number.
        let figures = digits.hasSuffix(".") ? digits.dropLast() : digits
        guard figures.count < 12, let value = Double(figures) else { return nil }
        rest = rest.dropFirst(figures.count)
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
        skip(words: ["again", "at", "on", "by", "around", "after", "from", "date", "time", "the"])
        rest = rest.drop { ":\"'".contains($0) || $0.isWhitespace }
        var hasDate = numericDate(into: &moment) || date(into: &moment)
        skip(words: ["at", "by", "t"])
        let hasTime = time(into: &moment)
        guard hasTime || hasDate else { return nil }
        moment.zone = zone()
        if !hasDate {
            // "3:09 PM on Nov 25", "8am tomorrow", "5pm UTC on Friday".
            rest = rest.drop { $0 == ")" }
            skip(words: ["on", "the"])
            hasDate = numericDate(into: &moment) || date(into: &moment)
            if hasDate, moment.zone == nil { moment.zone = zone() }
        }
        // Tonight's midnight is not the one that today began with.
        if moment.daysAhead == 0, moment.hour == 0, moment.minute == 0 { moment.daysAhead = nil }
        return moment
    }

    /// "3pm", "10:18am", "12:16 PM", "15:30", "15:30:59".
    private mutating func time(into moment: inout ResetMoment) -> Bool {
        let before = rest
        if let index = ["midnight", "noon"].firstIndex(of: word()) {
            moment.hour = index * 12
            return true
        }
        rest = before
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

    /// "(Europe/Vilnius)", "(UTC)", "UTC", "Z", "GMT+3", "+02:00", "PT", "Pacific time". What is none is not taken.
    private mutating func zone() -> TimeZone? {
        let before = rest
        rest = rest.drop { $0.isWhitespace || $0 == "(" || $0 == "," }
        let name = rest.prefix { $0.isLetter || $0.isNumber || "/_+-:".contains($0) }
        if let zone = Self.zone(called: name) {
            rest = rest.dropFirst(name.count)
            skip(words: ["time", "standard", "daylight"])
            return zone
        }
        rest = before
        return nil
    }

    private static func zone(called name: Substring) -> TimeZone? {
        switch name.lowercased() {
        case "": return nil
        case "z", "utc", "gmt": return .gmt
        case let lower: if let known = places[lower] { return TimeZone(identifier: known) }
        }
        if let offset = offset(name) { return TimeZone(secondsFromGMT: offset) }
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

    mutating func skipSpace() { rest = rest.drop { $0.isWhitespace || $0 == "," } }

    mutating func word() -> String {
        skipSpace()
        let letters = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(letters.count)
        return letters.lowercased()
    }

    mutating func take(words: [String]) -> Bool {
        let before = rest
        if words.contains(word()) { return true }
        rest = before
        return false
    }

    mutating func skip(words: [String]) { while take(words: words) {} }

    mutating func integer(digits range: ClosedRange<Int>) -> Int? {
        skipSpace()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard range.contains(digits.count), let value = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }

    /// The place, from 1, of the name that the next word abbreviates to three letters or more.
    mutating func name(of names: [String]) -> Int? {
        let word = word()
        guard word.count >= 3 else { return nil }
        return names.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
    }

    private static let numbers = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ]
    /// What people call zones, where the time library has another name or none.
    private static let places = [
        "pt": "America/Los_Angeles", "pacific": "America/Los_Angeles", "mt": "America/Denver",
        "mountain": "America/Denver", "ct": "America/Chicago", "central": "America/Chicago",
        "et": "America/New_York", "eastern": "America/New_York", "aest": "Australia/Sydney",
        "aedt": "Australia/Sydney",
    ]
}
