internal import struct Foundation.Date

extension Date {
    /// The ends of year 0 and year 9999: what SQLite has dates for. A limit's reset time is an agent's word, and may be anything.
    private static let representable = -62_167_219_200_000.0...253_402_300_799_999.0

    /// Since 1970, in UTC: how every time is kept. What is finer than a millisecond is not.
    var milliseconds: Int64 {
        let exact = (timeIntervalSince1970 * 1000).rounded()
        guard !exact.isNaN else { return 0 }
        return Int64(min(max(exact, Self.representable.lowerBound), Self.representable.upperBound))
    }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let perMillisecond: Int64 = 1_000_000_000_000_000
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        guard !isTooLong else { return seconds < 0 ? .min : .max }
        return whole + attoseconds / perMillisecond
    }
}
