import CRalph
import Glibc

/// A process that cannot be mistaken for another: its number together with the time it started.
package struct ProcessIdentity: Hashable, Codable, Sendable, CustomStringConvertible {
    package var pid: Int32
    /// Clock ticks after boot: field 22 of `/proc/<pid>/stat`.
    package var startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }

    /// Nil when there is no such process.
    package init?(pid: Int32) {
        guard let entry = ProcessEntry(pid: pid) else { return nil }
        self = entry.identity
    }

    package var description: String { "\(pid)@\(startTime)" }

    /// Whether it runs, or could: a zombie is not alive.
    package var isAlive: Bool {
        guard let entry = ProcessEntry(pid: pid) else { return false }
        return entry.identity == self && entry.isAlive
    }

    /// Signals this very process, or nobody. The descriptor pins the process before its start time is compared.
    @discardableResult
    package func signal(_ signal: Int32) -> Bool {
        let pidfd = Descriptor(ralph_pidfd_open(pid))
        guard pidfd.isOpen, ProcessEntry(pid: pid)?.identity == self else { return false }
        return ralph_pidfd_send_signal(pidfd.raw, signal) == 0
    }

    /// Blocks until it has ended; false when it has not by then.
    func waitForEnd(until instant: MonotonicInstant) -> Bool {
        let pidfd = Descriptor(ralph_pidfd_open(pid))
        guard pidfd.isOpen, isAlive else { return true }
        var polled = pollfd(fd: pidfd.raw, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, instant.millisecondsFromNow) > 0
    }
}
