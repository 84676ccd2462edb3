import struct Foundation.Date

/// Rings at an instant of the wall clock; a new instant replaces the old one.
///
/// Sleeps in steps, so that a clock that was set forward, or a laptop that was suspended, is noticed within a minute.
actor WakeTimer {
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date
    private let ring: @Sendable () -> Void
    private var task: Task<Void, Never>?
    private var instant: Date?

    private static let longestStep = 60.0

    init(
        clock: any Clock<Duration>,
        now: @escaping @Sendable () -> Date,
        ring: @escaping @Sendable () -> Void
    ) {
        self.clock = clock
        self.now = now
        self.ring = ring
    }

    /// Nil: never.
    func set(_ new: Date?) {
        guard new != instant else { return }
        instant = new
        task?.cancel()
        guard let new else { return }
        task = Task { [clock, now, ring] in
            while true {
                let left = new.timeIntervalSince(now())
                if left <= 0 { break }
                guard (try? await clock.sleep(for: .seconds(min(left, Self.longestStep)))) != nil else {
                    return
                }
            }
            ring()
        }
    }
}
