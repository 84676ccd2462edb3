import Dispatch
import Foundation

/// Rings at an instant of the wall clock; a new instant replaces the old one. Never early, and at once when the clock is
/// set past the instant or the laptop wakes up after it: the kernel keeps the time, so nothing is polled.
actor WakeTimer {
    private let clock: WallClock
    private let ring: @Sendable () -> Void
    private let queue = DispatchQueue(label: "ralphd.wake")
    private var source: (any DispatchSourceTimer)?
    private var poll: Task<Void, Never>?
    private var instant: Date?

    /// A timer is set anew after this, so that no count of nanoseconds can overflow.
    private static let longest = 365.0 * 86_400

    init(clock: WallClock, ring: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.ring = ring
    }

    /// Nil: never.
    func set(_ new: Date?) {
        guard new != instant else { return }
        instant = new
        source?.cancel()
        source = nil
        poll?.cancel()
        poll = nil
        guard let new else { return }
        if let pause = clock.poll { look(every: pause, for: new) } else { schedule(new) }
    }

    private func schedule(_ new: Date) {
        let source = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler { [weak self] in Task { await self?.fired(new) } }
        let left = max(0, new.timeIntervalSince(clock.now()))
        source.schedule(
            wallDeadline: .now() + .nanoseconds(Int((min(left, Self.longest) * 1e9).rounded(.up)))
        )
        source.activate()
        self.source = source
    }

    private func fired(_ due: Date) {
        guard due == instant else { return }
        // The clock may have been set back since, and the kernel counts in whole nanoseconds.
        guard clock.now() >= due else { return schedule(due) }
        instant = nil
        source = nil
        poll = nil
        ring()
    }

    private func look(every pause: Duration, for new: Date) {
        poll = Task { [weak self, clock] in
            while clock.now() < new {
                guard (try? await ContinuousClock().sleep(for: pause)) != nil else { return }
            }
            await self?.fired(new)
        }
    }
}
