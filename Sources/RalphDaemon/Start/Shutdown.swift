import Dispatch
import Glibc
import Logging
import RalphProcess
import Synchronization
import UnixSignals

/// Sees to it that a stop ends in time, whatever hangs: an agent, a check, git, a disk, a client.
///
/// The run service does the stopping. This looks on from a queue of its own, and takes away what it waits for: first the
/// processes of iterations, then the daemon's own git, and in the end the daemon itself.
final class Shutdown: Sendable {
    /// Seconds after the first signal. An agent has 10 of them to end, and then its work is kept.
    private static let hurryAfter = 13.0
    private static let killGitAfter = 15.5
    private static let giveUpAfter = 18.5
    /// Seconds after a second signal.
    private static let killGitAfterSecond = 3.0
    private static let giveUpAfterSecond = 7.0

    private let markPrefix: String
    private let logger: Logger
    private let giveUp: @Sendable () -> Void
    private let signals = Mutex(0)
    /// Concurrent: one step that hangs holds up no other.
    private let queue = DispatchQueue(label: "ralphd.shutdown", attributes: .concurrent)

    /// - Parameter giveUp: writes down that the daemon ended on purpose; called at most once, right before it does.
    init(markPrefix: String, logger: Logger, giveUp: @escaping @Sendable () -> Void) {
        self.markPrefix = markPrefix
        self.logger = logger
        self.giveUp = giveUp
    }

    /// Hears the two signals until the program ends. Whoever stops the daemon hears them too.
    func listen() {
        Task {
            for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { heard() }
        }
    }

    private func heard() {
        let count = signals.withLock { count in
            count += 1
            return count
        }
        switch count {
        case 1:
            logger.notice(
                "stopping: what runs has 10 s to end and its work is kept; a second signal ends it at once"
            )
            after(Self.hurryAfter) { self.endProcesses() }
            after(Self.killGitAfter) { self.endGit() }
            after(Self.giveUpAfter) { self.exitNow() }
        case 2:
            logger.notice("stopping at once")
            endProcesses()
            after(Self.killGitAfterSecond) { self.endGit() }
            after(Self.giveUpAfterSecond) { self.exitNow() }
        default: break
        }
    }

    private func after(_ seconds: Double, _ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + seconds, execute: body)
    }

    /// Agents, checks, set-up and hooks.
    private func endProcesses() { Leftovers(markPrefix: markPrefix + "/").sweep() }

    /// A git that hangs, be it on a dead network file system. One that lands is repaired by the next start.
    private func endGit() {
        let killed = Leftovers.endChildren()
        guard !killed.isEmpty else { return }
        logger.error("commands that did not end were killed", metadata: ["count": "\(killed.count)"])
    }

    private func exitNow() {
        logger.error(
            "the daemon ends although not all that it waits for has; the next start goes on from there"
        )
        endProcesses()
        _ = Leftovers.endChildren()
        // The disk may be what hangs: not waited for longer than this.
        let isWritten = DispatchSemaphore(value: 0)
        queue.async { [giveUp] in
            giveUp()
            isWritten.signal()
        }
        _ = isWritten.wait(timeout: .now() + 0.5)
        _exit(0)
    }
}
