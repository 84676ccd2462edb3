/// Durations as people write them: `90s`, `30m`, `1h30m`, `2d`.
package enum DurationText {
    private static let units: [(letter: UInt8, seconds: Int64)] = [
        (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3_600), (UInt8(ascii: "m"), 60),
        (UInt8(ascii: "s"), 1),
    ]
    /// Nothing here is meant to last longer than a year.
    private static let maximum: Int64 = 366 * 86_400

    /// Nil unless every number has a unit, the units go from large to small, and the whole is more than nothing.
    package static func parse(_ text: String) -> Duration? {
        var total: Int64 = 0
        var number: Int64?
        var unitsLeft = units[...]
        for byte in text.utf8 {
            if Byte.isDigit(byte) {
                let next = (number ?? 0) * 10 + Int64(byte - UInt8(ascii: "0"))
                guard next <= maximum else { return nil }
                number = next
            } else {
                guard let value = number, let place = unitsLeft.firstIndex(where: { $0.letter == byte })
                else { return nil }
                total += value * unitsLeft[place].seconds
                guard total <= maximum else { return nil }
                unitsLeft = unitsLeft[(place + 1)...]
                number = nil
            }
        }
        return number == nil && total > 0 ? .seconds(total) : nil
    }
}
