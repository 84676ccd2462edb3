import RalphAPI
import RalphCore

import struct Foundation.Date

/// How far a running iteration has come: "claude/sonnet ran 11m; lint passed, test running 0:22 of about 0:38".
struct StageWords {
    private let running: RunningView
    private let now: Date

    init(_ running: RunningView, now: Date) {
        self.running = running
        self.now = now
    }

    var text: Text {
        let agent = Text(Wording.agent(running.agent, running.model))
        switch running.stage {
        case .preparing where !running.checks.isEmpty:
            return "the checks run without its work first; \(checks)"
        case .preparing: return agent + ", its workspace is set up"
        case .agent:
            let last = running.lastOutputAt.map { "; last output \(Wording.duration(from: $0, to: now)) ago" }
            return agent + ", at work" + Text(last ?? "")
        case .snapshot: return agent + ran + "; its work is taken"
        case .checks: return agent + ran + "; " + (running.checks.isEmpty ? "its checks run" : checks)
        case .review: return agent + ran + "; in review"
        case .landing: return agent + ran + "; landing"
        }
    }

    private var ran: Text {
        Text(running.agentMS.map { " ran \(Wording.duration(.milliseconds($0)))" } ?? "")
    }

    private var checks: Text { Text.list(running.checks.map(words), by: ", ") }

    private func words(_ check: CheckProgressView) -> Text {
        if let verdict = check.verdict {
            return Text("\(check.name) \(verdict.rawValue)", verdict.isGreen ? .plain : .bad)
        }
        let since = check.startedAt.map { " \(Wording.stopwatch(.seconds(now.timeIntervalSince($0))))" } ?? ""
        let usual = check.usualMS.map { " of about \(Wording.stopwatch(.milliseconds($0)))" } ?? ""
        return Text("\(check.name) running\(since)\(usual)")
    }
}
