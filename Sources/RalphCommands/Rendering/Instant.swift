import RalphAPI
import RalphPRD

import struct Foundation.Date

/// A point in the past as a person says it: `8h` ago, `22:00` by their own clock, `2026-11-21`, `2026-11-21 22:00`, or a
/// time with its zone as JSON has it.
struct Instant {
    var text: String

    /// Nil for what is no time.
    func date(_ local: LocalTime) -> Date? {
        if let span = DurationText.parse(text) { return local.now.addingTimeInterval(-span.inSeconds) }
        if let exact = WireTime.date(text) { return exact }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        if parts.count == 1, let clock = Self.clock(parts[0]) {
            return local.last(hour: clock.hour, minute: clock.minute)
        }
        guard let day = parts.first.flatMap(Self.day), parts.count <= 2 else { return nil }
        var clock = (hour: 0, minute: 0)
        if parts.count == 2 {
            guard let given = Self.clock(parts[1]) else { return nil }
            clock = given
        }
        return WireTime.date("\(day)T\(Self.two(clock.hour)):\(Self.two(clock.minute)):00Z").map {
            local.instant(ofLocal: $0)
        }
    }

    private static func two(_ number: Int) -> String { Wording.twoDigits(Int64(number)) }

    private static func day(_ text: Substring) -> String? {
        text.wholeMatch(of: /\d{4}-\d\d-\d\d/) == nil ? nil : String(text)
    }

    private static func clock(_ text: Substring) -> (hour: Int, minute: Int)? {
        guard let match = text.wholeMatch(of: /(\d{1,2}):(\d\d)/), let hour = Int(match.1),
            let minute = Int(match.2),
            hour < 24, minute < 60
        else { return nil }
        return (hour, minute)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
