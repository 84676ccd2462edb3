import RalphAPI
import RalphCore

/// Iterations as a list.
enum HistoryList {
    static func table(_ iterations: [IterationView], time: LocalTime) -> Table {
        Table(
            [
                .init("NO"), .init("ITEM", isFlexible: true), .init("AGENT", isFlexible: true, leaves: 1),
                .init("OUTCOME"),
                .init("STARTED", leaves: 4), .init("TOOK", isRight: true, leaves: 3),
                .init("COST", isRight: true, leaves: 2),
                .init("WHAT", isFlexible: true),
            ],
            rows: iterations.map { iteration in
                [
                    Text("i\(iteration.id)"), Text("#\(iteration.key)/\(iteration.ordinal)"),
                    Text(Wording.agent(iteration.agent, iteration.model)), outcome(iteration),
                    Text(time.moment(iteration.startedAt)),
                    Text(Wording.duration(from: iteration.startedAt, to: iteration.endedAt ?? time.now)),
                    cost(iteration), what(iteration),
                ]
            }
        )
    }

    /// The commit, what went wrong, or both: a landing whose `after-landing:` failed.
    private static func what(_ iteration: IterationView) -> Text {
        Text(
            [iteration.commit.map(Wording.commit), iteration.error].compactMap { $0 }.joined(separator: ", ")
        )
    }

    private static func outcome(_ iteration: IterationView) -> Text {
        guard let outcome = iteration.outcome else { return Text(iteration.stage.rawValue, .strong) }
        return Text(Wording.outcome(outcome), .of(outcome))
    }

    private static func cost(_ iteration: IterationView) -> Text {
        if iteration.outcome == nil, iteration.costUSD == nil { return Text() }
        return iteration.costUSD == nil
            ? Text("unknown", .faint) : Text("≈ \(Wording.money(iteration.costUSD))")
    }
}
