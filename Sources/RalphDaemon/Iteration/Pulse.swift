import RalphAPI
import RalphCore
import Synchronization

import struct Foundation.Date

/// How far the running iteration has come within its stage, for `status`. Nothing depends on it, so it is in no history.
final class Pulse: Sendable {
    struct State: Sendable {
        /// When something last came from the agent.
        var lastOutput: Date?
        var agentStarted: Date?
        var agentEnded: Date?
        /// Of the stage: the checks that are over, and the one that runs.
        var finished: [CheckResult] = []
        var check: (name: String, since: Date)?
    }

    private let guarded = Mutex(State())

    var state: State { guarded.withLock { $0 } }

    func beat(_ date: Date) { guarded.withLock { $0.lastOutput = date } }

    func reset() { guarded.withLock { $0 = State() } }

    func agentStarted(_ date: Date) { guarded.withLock { $0 = State(lastOutput: nil, agentStarted: date) } }

    func agentEnded(_ date: Date) { guarded.withLock { $0.agentEnded = date } }

    func checksStart() {
        guarded.withLock {
            $0.finished = []
            $0.check = nil
        }
    }

    func checkStarted(_ check: Check, _ date: Date) { guarded.withLock { $0.check = (check.name, date) } }

    func checkEnded(_ result: CheckResult) {
        guarded.withLock {
            $0.finished.append(result)
            $0.check = nil
        }
    }
}

extension RunningView {
    /// Adds what only the daemon at work knows.
    /// - Parameter usual: how long a check of this name took the last time.
    mutating func add(_ pulse: Pulse.State, usual: (String) -> Duration?) {
        lastOutputAt = pulse.lastOutput
        if let start = pulse.agentStarted, let end = pulse.agentEnded {
            agentMS = WireTime.milliseconds(end) - WireTime.milliseconds(start)
        }
        guard stage == .checks || stage == .preparing else { return }
        checks = pulse.finished.map { CheckProgressView(name: $0.name, verdict: $0.verdict) }
        if let check = pulse.check {
            checks.append(
                CheckProgressView(
                    name: check.name,
                    startedAt: check.since,
                    usualMS: usual(check.name).map { Int64($0 / .milliseconds(1)) }
                )
            )
        }
    }
}
