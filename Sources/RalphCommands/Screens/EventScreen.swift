import RalphAPI
import RalphCore

/// Events as lines: when, of which item, what.
struct EventScreen {
    /// Events name items by number; people know their keys.
    private var keys: [ItemID: String]

    init(items: [ItemView]) {
        keys = Dictionary(items.map { ($0.id, $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func line(_ event: EventView, time: LocalTime) -> Text {
        if let item = event.item, let key = event.details["key"] { keys[item] = key }
        let subject = event.item.map { "#\(keys[$0] ?? $0.description)" }
        let parts = [
            subject.map { Text($0, .strong) }, event.iteration.map { Text("i\($0)", .faint) }, what(event),
        ]
        return Text.list([Text(time.clock(event.at), .faint)] + parts.compactMap { $0 }, by: "  ")
    }

    /// "stage changed: agent", "iteration ended: checks failed".
    private func what(_ event: EventView) -> Text {
        let kind = event.kind.rawValue.replacing("_", with: " ")
        // What it is now comes before why and where.
        let first: Set = ["state", "outcome", "stage", "undo"]
        let details = event.details.filter { $0.key != "key" }.sorted {
            (first.contains($0.key) ? 0 : 1, $0.key) < (first.contains($1.key) ? 0 : 1, $1.key)
        }
        if details.isEmpty { return Text(kind) }
        return "\(kind): \(details.map(detail).joined(separator: ", "))"
    }

    /// A value that is a word of ours speaks for itself; of others the name says what they are.
    private func detail(_ name: String, _ value: String) -> String {
        switch name {
        case "state", "stage", "outcome", "verdict", "message", "reason": value.replacing("_", with: " ")
        case "commit", "candidate": Wording.commit(value)
        default: "\(name) \(value)"
        }
    }
}
