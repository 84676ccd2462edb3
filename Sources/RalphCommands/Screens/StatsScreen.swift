import RalphAPI
import RalphCore

/// The project in figures: how iterations ended, and how each agent fared.
struct StatsScreen {
    let view: StatsView
    let terminal: Terminal

    private static let widest = 100

    init(_ view: StatsView, terminal: Terminal) {
        self.view = view
        self.terminal = terminal
    }

    var lines: [Text] {
        let page = LabelledPage(width: min(terminal.width ?? StatsScreen.widest, StatsScreen.widest))
        let iterations = Wording.plural(view.iterations, "iteration")
        return page.line(
            "runs",
            "\(iterations), \(view.landed) landed, \(Wording.plural(view.strikes, "strike"))"
        )
            + page.block("ended", counts(view.outcomes)) + page.block("items", counts(view.items))
            + page.line("spend", SpendWords(view.spend).text) + page.line("worth", worth)
            + (view.agents.isEmpty ? [] : [Text()] + agents.lines(for: terminal))
    }

    /// The most frequent first; what never happened is left out.
    private func counts(_ counts: [String: Int]) -> String? {
        let shown = counts.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let parts = shown.map { "\($0.value) \($0.key.replacing("_", with: " "))" }
        return parts.isEmpty ? nil : parts.joined(separator: "  ")
    }

    private var worth: Text? {
        view.landedPerUSD.map { Text("\(Wording.rate($0)) landed for a dollar") }
    }

    private var agents: Table {
        Table(
            [
                .init("AGENT", isFlexible: true), .init("RUNS", isRight: true),
                .init("LANDED", isRight: true),
                .init("STRIKES", isRight: true, leaves: 3), .init("TIME", isRight: true, leaves: 2),
                .init("TOKENS OUT", isRight: true, leaves: 1),
                .init("COST", isRight: true),
            ],
            rows: view.agents.map { agent in
                [
                    Text(Wording.agent(agent.agent, agent.model)), "\(agent.iterations)", "\(agent.landed)",
                    "\(agent.strikes)", Text(Wording.duration(.milliseconds(agent.durationMS))),
                    Text(Wording.count(agent.tokens.output)),
                    agent.costUSD == nil ? Text("unknown", .faint) : "≈ \(Wording.money(agent.costUSD))",
                ]
            }
        )
    }
}
