import CRalph
import Glibc

/// Carries a cancellation from any thread into a poll(2).
final class Cancellation: Sendable {
    private let event = Descriptor(ralph_eventfd())

    /// Polls readable from the cancellation on.
    var descriptor: Int32 { event.raw }

    func cancel() {
        var one: UInt64 = 1
        write(event.raw, &one, MemoryLayout<UInt64>.size)
    }

    var isCancelled: Bool {
        var polled = pollfd(fd: event.raw, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }
}
