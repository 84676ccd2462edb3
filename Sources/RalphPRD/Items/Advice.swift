import RalphCore

/// Warnings about items that may not be what their author meant.
enum Advice {
    /// More than these are too much for one fresh agent.
    private static let mostCriteria = 8

    static func find(in items: [Item], columns: [Int]) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        var lineOfTitle: [String: Int] = [:]
        lineOfTitle.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            func warn(_ message: String, line: Int? = nil, column: Int? = nil) {
                problems.append(
                    Diagnostic(
                        line: line ?? item.line,
                        column: column ?? columns[index],
                        severity: .warning,
                        message: message
                    )
                )
            }
            if item.criteria.count > mostCriteria {
                warn(
                    "\(item.criteria.count) criteria are a lot for one agent; make several items of it, or write {split}"
                )
            }
            if item.isTicked, let open = item.criteria.first(where: { !$0.isTicked }) {
                warn(
                    "the item on line \(item.line) is ticked, so this open criterion is not worked on; untick the item",
                    line: open.line,
                    column: 1
                )
            }
            if item.explicitID == nil {
                if let first = lineOfTitle[item.title] {
                    warn("the same title stands on line \(first); reword one, or tell them apart by `{#id}`")
                } else {
                    lineOfTitle[item.title] = item.line
                }
            }
        }
        return problems
    }
}
