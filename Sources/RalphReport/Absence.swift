internal import RalphAPI
internal import RalphCore
internal import RalphHistory

/// That no daemon answers: how it looks from outside, and what a person does about it.
package struct Absence: Equatable, Sendable {
    package enum Kind: Sendable {
        /// No process of it is there, whether it was stopped or died.
        case stopped
        /// Its process is there, and does not listen yet.
        case starting
        /// It listens, and does not answer.
        case silent
    }

    package var kind: Kind
    /// The command that starts it, or ends it and starts it anew.
    package var mend: String

    package init(_ kind: Kind, mend: String) {
        self.kind = kind
        self.mend = mend
    }

    /// Why the project stands where it does.
    func reason(_ project: ProjectRecord) -> String {
        let process = project.daemonPID.map { " (process \($0))" } ?? ""
        switch kind {
        case .stopped where project.daemonPID != nil:
            return "its daemon\(process) died; what it was at is taken up again when one starts"
        case .stopped: return "no daemon runs"
        case .starting: return "its daemon is starting; this is what the last one wrote"
        case .silent: return "its daemon\(process) does not answer; this is what it wrote last"
        }
    }

    /// What a person has to do, if anybody is missed: nothing goes on by itself.
    /// - Parameter behindPerson: waiting items that no daemon could bring on.
    func need(_ project: ProjectRecord, _ counts: [String: Int], behindPerson: Int) -> NeedView? {
        let waits = [ItemState.open, .running, .waiting].reduce(-behindPerson) {
            $0 + (counts[$1.rawValue] ?? 0)
        }
        switch kind {
        case .starting: return nil
        case .stopped:
            guard waits > 0 else { return nil }
            let items =
                waits == 1
                ? "1 item is not done, and nobody works on it"
                : "\(waits) items are not done, and nobody works on them"
            let what = project.daemonPID == nil ? "no daemon runs" : "the daemon died"
            return NeedView(
                kind: .hold,
                message: "\(what): \(items)",
                since: nil,
                action: mend
            )
        case .silent:
            return NeedView(
                kind: .hold,
                message: "the daemon does not answer: it is stopped (SIGSTOP) or it hangs",
                since: nil,
                action: mend
            )
        }
    }
}

/// What an item is when nobody works on it any more, whatever was written last.
private let cutOff = (state: ItemState.open, reason: "cut off when its daemon ended; goes on when one runs")

extension ItemRecord {
    func left(by absence: Absence?) -> ItemRecord {
        guard let absence, absence.kind != .silent, state == .running else { return self }
        var record = self
        (record.state, record.reason) = cutOff
        return record
    }
}

extension ItemLine {
    func left(by absence: Absence?) -> ItemLine {
        guard let absence, absence.kind != .silent, state == .running else { return self }
        var line = self
        (line.state, line.reason) = cutOff
        return line
    }
}

extension IterationView {
    /// One without an end is said to be cut off; its row gets an outcome when a daemon starts.
    func left(by absence: Absence?) -> IterationView {
        guard let absence, absence.kind != .silent, outcome == nil else { return self }
        var view = self
        view.error = "cut off when its daemon ended"
        return view
    }
}

extension HistoryReport {
    /// Whether what was written last is still so: a daemon that does not answer has its agents all the same.
    var isAtWork: Bool { absence == nil || absence?.kind == .silent }

    /// That a daemon is missed, if it is.
    func missed(_ project: ProjectRecord, in history: any HistoryReading) throws -> NeedView? {
        guard let absence else { return nil }
        return absence.need(
            project,
            try counts(in: history),
            behindPerson: try history.countBehindPerson()
        )
    }

    /// The states in which items are written that stand in these now.
    func written(_ states: Set<ItemState>) -> Set<ItemState> {
        isAtWork || !states.contains(.open) ? states : states.union([.running])
    }

    /// How many items are in each state.
    func counts(in history: any HistoryReading) throws -> [String: Int] {
        var counts = try Self.counts(in: history)
        if !isAtWork {
            counts[ItemState.open.rawValue, default: 0] += counts[ItemState.running.rawValue] ?? 0
            counts[ItemState.running.rawValue] = 0
        }
        return counts
    }
}
