internal import RalphAPI
internal import RalphCore
internal import RalphHistory

extension ItemView {
    /// - Parameter attempts: strikes that block an item which does not say it itself.
    init(_ record: ItemRecord, attempts: Int) { self.init(ItemLine(record), attempts: attempts) }

    init(_ line: ItemLine, attempts: Int) {
        self.init(
            id: line.id,
            key: line.key,
            title: line.title,
            section: line.section,
            line: line.line,
            state: line.state,
            reason: Self.reason(of: line),
            strikes: line.strikes,
            maxStrikes: line.attempts ?? attempts,
            iterations: line.iterations,
            commit: line.commit
        )
    }

    /// Never nothing, unless the item is done: where the decision left no word, its state says it.
    private static func reason(of line: ItemLine) -> String? {
        if line.state == .done { return nil }
        if let reason = line.reason, !reason.isEmpty { return reason }
        if let block = line.block { return block }
        switch line.state {
        case .done: return nil
        case .open: return "in line"
        case .running: return "an agent works on it"
        case .waiting: return "waits"
        case .blocked: return line.error ?? "needs you"
        case .withdrawn: return "no longer in the PRD"
        case .manual: return "a person does it"
        case .later: return "marked as later"
        }
    }
}
