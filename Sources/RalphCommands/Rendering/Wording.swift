import struct Foundation.Date

/// How amounts are said: short, rounded to what matters, the same everywhere.
enum Wording {
    /// "42s", "13m", "6h 12m", "3d 4h".
    static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m"
        case ..<86400: return pair(seconds / 3600, "h", seconds % 3600 / 60, "m")
        default: return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h")
        }
    }

    static func duration(from start: Date, to end: Date) -> String {
        duration(.seconds(end.timeIntervalSince(start)))
    }

    /// "0:38", "1:07:05": for what runs while one looks.
    static func stopwatch(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, twoDigits(seconds % 60))
        return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(rest)" : "\(minutes):\(rest)"
    }

    /// "$6.40"; "unknown" where nobody knows, which is not the same as nothing.
    static func money(_ usd: Double?) -> String {
        guard let usd else { return "unknown" }
        let cents = Int((usd * 100).rounded())
        if usd > 0, cents == 0 { return "under $0.01" }
        return "$\(cents / 100).\(twoDigits(Int64(cents % 100)))"
    }

    /// "3.2", "0.45": how many of something for one of another.
    static func rate(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e12 else { return "?" }
        let hundredths = Int((number * 100).rounded())
        if hundredths >= 1000 { return oneDecimal(hundredths, unit: 100) }
        return "\(hundredths / 100).\(twoDigits(Int64(hundredths % 100)))"
    }

    /// "840", "12.3k", "4.1M".
    static func count(_ number: Int) -> String {
        switch number {
        case ..<1000: "\(number)"
        case ..<999_950: oneDecimal(number, unit: 1000) + "k"
        default: oneDecimal(number, unit: 1_000_000) + "M"
        }
    }

    /// "840 MB", "12.3 GB": powers of 1000, as disks are sold and `df -H` counts.
    static func bytes(_ count: UInt64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var (value, unit) = (Double(count), 0)
        while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        if unit == 0 || value >= 100 { return "\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// "1 warning", "3 warnings".
    static func plural(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String)
        -> String
    {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit) \(small)\(smallUnit)"
    }

    static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func oneDecimal(_ number: Int, unit: Int) -> String {
        let tenths = (number * 10 + unit / 2) / unit
        return tenths >= 1000 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
