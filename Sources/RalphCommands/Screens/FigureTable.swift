import RalphAPI
import RalphCore

/// Iterations taken together, a line each.
enum FigureTable {
    static func table(_ rows: [FiguresView], by group: StatsCommand.Group) -> Table {
        Table(
            [
                // A day that is cut says nothing.
                .init(group.rawValue.uppercased(), isFlexible: group != .day), .init("RUNS", isRight: true),
                .init("LANDED", isRight: true), .init("STRIKES", isRight: true, leaves: 4),
                .init("TIME", isRight: true, leaves: 2), .init("TOKENS", isRight: true, leaves: 1),
                .init("COST", isRight: true, leaves: 5), .init("LANDED PER $", isRight: true, leaves: 3),
            ],
            rows: rows.map { row in
                [
                    name(row, by: group), "\(row.iterations)", "\(row.landed)", "\(row.strikes)",
                    Text(Wording.duration(.milliseconds(row.durationMS))),
                    Text(Wording.count(tokens(row.tokens))),
                    cost(row), Text(row.landedPerUSD.map(Wording.rate) ?? ""),
                ]
            }
        )
    }

    private static func name(_ row: FiguresView, by group: StatsCommand.Group) -> Text {
        switch group {
        case .item: Text("#\(row.name)")
        case .outcome: Text(row.name.replacing("_", with: " "))
        case .day, .agent, .model: Text(row.name)
        }
    }

    private static func tokens(_ view: TokensView) -> Int {
        view.input + view.output + view.cacheRead + view.cacheWrite
    }

    private static func cost(_ row: FiguresView) -> Text {
        guard let usd = row.costUSD else {
            return row.unknownIterations > 0 ? Text("unknown", .faint) : ""
        }
        let rest = row.unknownIterations > 0 ? " + \(row.unknownIterations) unknown" : ""
        return "≈ \(Wording.money(usd))\(rest)"
    }
}
