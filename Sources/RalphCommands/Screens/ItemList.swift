import RalphAPI
import RalphCore

/// Items as a list.
enum ItemList {
    static func table(_ items: [ItemView]) -> Table {
        Table(
            [
                .init("NO", isRight: true), .init("STATE"), .init("KEY", isFlexible: true),
                .init("TITLE", isFlexible: true, leaves: 2), .init("STRIKES", leaves: 1),
                .init("WHY", isFlexible: true),
            ],
            rows: items.map { item in
                [
                    Text(item.id.description), Text(item.state.rawValue, .of(item.state)),
                    Text("#\(item.key)"),
                    Text(item.title), strikes(item), why(item),
                ]
            }
        )
    }

    private static func strikes(_ item: ItemView) -> Text {
        item.strikes > 0 && item.state != .done ? "\(item.strikes) of \(item.maxStrikes)" : Text()
    }

    private static func why(_ item: ItemView) -> Text {
        // One that was taken back, or is asked for again, keeps the commit of its landing.
        Text((item.state == .done ? item.commit.map(Wording.commit) : nil) ?? item.reason ?? "")
    }
}
