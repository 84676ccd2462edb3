import RalphCore

/// Warnings about items that may not be what their author meant.
struct Advice {
    /// More than these are too much for one fresh agent.
    private static let mostCriteria = 8

    private(set) var problems: [Diagnostic] = []

    mutating func look(at item: Item, column: Int) {
        if item.criteria.count > Self.mostCriteria {
            warn(
                item.line,
                column,
                "\(item.criteria.count) criteria are a lot for one agent; make several items of it, or write {split}"
            )
        }
        if item.isTicked, let open = item.criteria.first(where: { !$0.isTicked }) {
            warn(
                open.line,
                1,
                "the item on line \(item.line) is ticked, so this open criterion is not worked on; untick the item"
            )
        }
    }

    private mutating func warn(_ line: Int, _ column: Int, _ message: String) {
        problems.append(Diagnostic(line: line, column: column, severity: .warning, message: message))
    }
}
