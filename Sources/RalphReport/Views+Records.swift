internal import RalphAPI
internal import RalphCore

extension ItemView {
    /// - Parameter attempts: strikes that block an item which does not say it itself.
    init(_ record: ItemRecord, attempts: Int) {
        self.init(
            id: record.id,
            key: record.item.key,
            title: record.item.title,
            section: record.item.section,
            line: record.item.line,
            state: record.state,
            reason: Self.reason(of: record),
            strikes: record.strikes,
            maxStrikes: record.item.attributes.attempts ?? attempts,
            iterations: record.iterations,
            commit: record.commit?.rawValue
        )
    }

    /// Never nothing, unless the item is done: where the decision left no word, its state says it.
    private static func reason(of record: ItemRecord) -> String? {
        if record.state == .done { return nil }
        if let reason = record.reason, !reason.isEmpty { return reason }
        if let block = record.block { return block.message }
        switch record.state {
        case .done: return nil
        case .open: return "in line"
        case .running: return "an agent works on it"
        case .waiting: return "waits"
        case .blocked: return record.item.error ?? "needs you"
        case .withdrawn: return "no longer in the PRD"
        case .manual: return "a person does it"
        case .later: return "marked as later"
        }
    }
}
