import RalphCore

/// Warnings about items that may not be what their author meant.
enum Advice {
    /// More than these are too much for one fresh agent.
    private static let mostCriteria = 8

    static func find(in items: [Item], drafts: [Draft]) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        for index in items.indices where !items[index].criteria.isEmpty {
            let count = items[index].criteria.count
            if count > mostCriteria {
                problems.append(
                    Diagnostic(
                        line: items[index].line,
                        column: drafts[index].column,
                        severity: .warning,
                        message:
                            "\(count) criteria are a lot for one agent; make several items of it, or write {split}"
                    )
                )
            }
            guard items[index].isTicked, let open = items[index].criteria.first(where: { !$0.isTicked })
            else { continue }
            problems.append(
                Diagnostic(
                    line: open.line,
                    column: 1,
                    severity: .warning,
                    message:
                        "the item on line \(items[index].line) is ticked, so this open criterion is not worked on; untick the item"
                )
            )
        }
        return problems
    }
}
