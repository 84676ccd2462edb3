import Dispatch
import Glibc
import Logging
import RalphProcess
import Synchronization
import UnixSignals

/// Hears the signals that ask for an end, from the first step of a start on, and sees to it that the end comes in time,
/// whatever hangs: an agent, a check, git, a disk, a client.
///
/// The run service does the stopping; a start looks between its steps whether it is still wanted. This looks on from a queue
/// of its own, and takes away what they wait for: first the processes of iterations, then the daemon's own git, and in the
/// end the daemon itself.
final class Shutdown: Sendable {
    /// Seconds after the first signal. An agent has 10 of them to end, and then its work is kept.
    private static let hurryAfter = 13.0
    private static let killGitAfter = 15.5
    private static let giveUpAfter = 18.5
    /// Seconds after a second signal.
    private static let killGitAfterSecond = 3.0
    private static let giveUpAfterSecond = 7.0

    /// What there is to end, once there is.
    private struct Charge: Sendable {
        var markPrefix: String
        var giveUp: @Sendable () -> Void
    }

    /// Set by the first signal, for who cannot wait for it.
    let flag = StopFlag()
    private let logger: Logger
    private let signals = Mutex(0)
    private let charge = Mutex<Charge?>(nil)
    private let asked: (stream: AsyncStream<Void>, end: AsyncStream<Void>.Continuation)
    /// Concurrent: one step that hangs holds up no other.
    private let queue = DispatchQueue(label: "ralphd.shutdown", attributes: .concurrent)

    init(logger: Logger) {
        self.logger = logger
        let (stream, end) = AsyncStream.makeStream(of: Void.self)
        asked = (stream, end)
    }

    /// Hears the two signals from now until the program ends; nobody else does.
    func listen() async {
        let sequence = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        Task {
            for await _ in sequence { heard() }
        }
    }

    /// - Parameter giveUp: writes down that the daemon ended on purpose; called at most once, right before it does.
    func take(charge markPrefix: String, giveUp: @escaping @Sendable () -> Void) {
        charge.withLock { $0 = Charge(markPrefix: markPrefix, giveUp: giveUp) }
    }

    /// Ends when the first signal comes, at once if it has come, or with the task. For one caller.
    func wait() async { for await _ in asked.stream {} }

    /// A start that is no longer wanted: not an error.
    struct NotWanted: Error {}

    /// Between two steps of a start.
    func assertWanted() throws(NotWanted) { if flag.isSet { throw NotWanted() } }

    private func heard() {
        let count = signals.withLock { count in
            count += 1
            return count
        }
        switch count {
        case 1:
            flag.set()
            logger.notice(
                "stopping: what runs has 10 s to end and its work is kept; a second signal ends it at once"
            )
            asked.end.finish()
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
    private func endProcesses() {
        guard let charge = charge.withLock({ $0 }) else { return }
        Leftovers(markPrefix: charge.markPrefix + "/").sweep()
    }

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
        let giveUp = charge.withLock { $0?.giveUp }
        queue.async {
            giveUp?()
            isWritten.signal()
        }
        _ = isWritten.wait(timeout: .now() + 0.5)
        _exit(0)
    }
}
