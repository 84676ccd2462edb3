/// A point on `CLOCK_MONOTONIC`, which stands still while the machine is suspended: deadlines on it outlast a closed lid.
struct MonotonicInstant: Comparable, Sendable {
    private var instant: SuspendingClock.Instant

    static var now: MonotonicInstant { MonotonicInstant(instant: SuspendingClock.now) }

    static func < (a: MonotonicInstant, b: MonotonicInstant) -> Bool { a.instant < b.instant }

    static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        MonotonicInstant(instant: instant.instant.advanced(by: duration))
    }

    static func - (a: MonotonicInstant, b: MonotonicInstant) -> Duration { b.instant.duration(to: a.instant) }

    var hasPassed: Bool { self <= .now }

    /// For poll(2): rounded up, so that a wait never ends just before its instant; far instants are cut to a day.
    var millisecondsFromNow: Int32 {
        let left = self - .now
        guard left > .zero else { return 0 }
        guard left < .seconds(86_400) else { return 86_400_000 }
        let (seconds, attoseconds) = left.components
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
