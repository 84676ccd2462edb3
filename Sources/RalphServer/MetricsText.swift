internal import RalphAPI
internal import RalphCore

/// The project's figures as Prometheus scrapes them.
struct MetricsText {
    var status: StatusView
    var stats: StatsView

    var text: String {
        metric("state", "gauge", "1 for the state that the project is in", states)
            + metric("items", "gauge", "Items of the PRD by state", sorted(status.items, label: "state"))
            + metric(
                "needs_you",
                "gauge",
                "Things that wait for a person",
                [("", "\(status.needsYou.count)")]
            )
            + metric(
                "prd_problems",
                "gauge",
                "Problems of the PRD, warnings among them",
                [("", "\(status.prd.problems.count)")]
            )
            + metric(
                "iterations_total",
                "counter",
                "Ended iterations by outcome",
                sorted(stats.outcomes, label: "outcome")
            )
            + metric("strikes_total", "counter", "Iterations that were strikes", [("", "\(stats.strikes)")])
            + metric(
                "spend_usd_total",
                "counter",
                "What the iterations of known cost came to",
                [("", "\(stats.spend.totalUSD ?? 0)")]
            )
            + metric(
                "spend_unknown_iterations_total",
                "counter",
                "Iterations whose cost nobody knows",
                [("", "\(stats.spend.unknownIterations)")]
            )
    }

    private var states: [(String, String)] {
        ProjectState.allCases.map { ("{state=\"\($0.rawValue)\"}", status.state == $0 ? "1" : "0") }
    }

    private func sorted(_ counts: [String: Int], label: String) -> [(String, String)] {
        counts.sorted { $0.key < $1.key }.map { ("{\(label)=\"\($0.key)\"}", "\($0.value)") }
    }

    private func metric(_ name: String, _ type: String, _ help: String, _ samples: [(String, String)])
        -> String
    {
        let head = "# HELP ralphd_\(name) \(help)\n# TYPE ralphd_\(name) \(type)\n"
        return head + samples.map { "ralphd_\(name)\($0) \($1)\n" }.joined()
    }
}
