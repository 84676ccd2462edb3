/// Dates as CLIs and providers print them.
extension ResetScanner {
    /// "2026-11-25", "2026/11/25", "11/25/2026" as JavaScript prints it in American English, "25.11.2026".
    mutating func numericDate(into moment: inout ResetMoment) -> Bool {
        skipSpace()
        let digits = rest.prefix { $0.isASCII && $0.isNumber || "-/.".contains($0) }
        for separator in "-/." {
            let parts = digits.split(separator: separator, omittingEmptySubsequences: false).prefix(3)
            let figures = parts.map { $0.prefix { $0.isNumber } }
            let values = figures.compactMap { Int($0) }
            guard values.count == 3, let date = Self.ordered(values, figures.map(\.count), separator) else {
                continue
            }
            (moment.year, moment.month, moment.day) = date
            rest = rest.dropFirst(figures.map(\.count).reduce(2, +))
            return true
        }
        return false
    }

    private static func ordered(_ values: [Int], _ lengths: [Int], _ separator: Character) -> (
        Int?, Int?, Int?
    )? {
        if lengths[0] == 4, lengths[1] <= 2, lengths[2] <= 2, separator != "." {
            return (values[0], values[1], values[2])
        }
        guard lengths[2] == 4, lengths[0] <= 2, lengths[1] <= 2, separator != "-" else { return nil }
        // A month has no more than twelve names.
        let isDayFirst = separator == "." || values[0] > 12
        return isDayFirst ? (values[2], values[1], values[0]) : (values[2], values[0], values[1])
    }

    /// "tomorrow", "Monday", "Oct 12", "12 Oct", "Mon, Jul 29th, 2026".
    mutating func date(into moment: inout ResetMoment) -> Bool {
        if take(words: ["today", "tonight"]) { moment.daysAhead = 0 }
        if take(words: ["tomorrow"]) { moment.daysAhead = 1 }
        let start = rest
        if let weekday = name(of: Self.weekdays) { moment.weekday = weekday } else { rest = start }
        let before = rest
        if let month = name(of: Self.months), let day = dayNumber() {
            (moment.month, moment.day) = (month, day)
        } else {
            rest = before
            skip(words: ["the"])
            if let day = dayNumber(), let month = monthName() {
                (moment.month, moment.day) = (month, day)
            } else {
                rest = before
            }
        }
        if moment.month != nil { moment.year = yearNumber() }
        return moment.month != nil || moment.daysAhead != nil || moment.weekday != nil
    }

    private mutating func monthName() -> Int? {
        skip(words: ["of"])
        return name(of: Self.months)
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

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november",
        "december",
    ]
    private static let weekdays = [
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    ]
}
