import RalphCore

/// Asks the run service for signs of life. What it puts into the inbox is only answered when the run service gets to it:
/// one that hangs starves the watchdog, whatever else of the process still runs.
struct Heartbeat: Sendable {
    let interval: Duration
    let clock: any Clock<Duration>

    /// The most often that one is asked for, however short the watchdog.
    private static let shortest: Duration = .milliseconds(250)
    /// So often within the watchdog's span.
    private static let asks = 4

    /// Nil where nobody watches.
    init?(watchdog: Duration?, clock: any Clock<Duration> = ContinuousClock()) {
        guard let watchdog else { return nil }
        interval = max(watchdog / Self.asks, Self.shortest)
        self.clock = clock
    }

    /// Asks until it is cancelled.
    func run(_ ask: @Sendable () -> Void) async {
        repeat { ask() } while (try? await clock.sleep(for: interval)) != nil
    }
}
