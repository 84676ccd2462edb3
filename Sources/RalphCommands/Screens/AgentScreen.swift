import RalphAPI
import RalphCore

/// Agents and whether they can take items.
enum AgentScreen {
    /// "claude asleep until 03:01".
    static func words(_ agent: AgentView, time: LocalTime) -> Text {
        "\(agent.name) \(state(agent, time: time))"
    }

    static func table(_ agents: [AgentDetailView], time: LocalTime) -> Table {
        Table(
            [
                .init("AGENT", isFlexible: true), .init("STATE"), .init("LANDED", leaves: 3),
                .init("VERSION", leaves: 1), .init("PATH", isFlexible: true, leaves: 2),
                .init("WHY", isFlexible: true, leaves: 5), .init("SOONER", leaves: 4),
            ],
            rows: agents.map { agent in
                let retry = agent.summary.state == .ready ? "" : "ralphctl agents retry \(agent.summary.name)"
                return [
                    Text(agent.summary.name), state(agent.summary, time: time), rate(agent.particulars),
                    Text(agent.particulars.version ?? ""), place(agent.particulars),
                    Text(agent.summary.message ?? ""), Text(retry),
                ]
            }
        )
    }

    /// "3 of 4, 75 %": what landed of what landed or cost a strike.
    private static func rate(_ agent: AgentParticulars) -> Text {
        guard let rate = agent.successRate else { return Text("-", .faint) }
        return Text("\(agent.landed) of \(agent.landed + agent.strikes), \(Int((rate * 100).rounded())) %")
    }

    private static func place(_ agent: AgentParticulars) -> Text {
        if let path = agent.path { return Text(path) }
        return agent.program.map { Text("no \($0) on path:", .bad) } ?? ""
    }

    private static func state(_ agent: AgentView, time: LocalTime) -> Text {
        let until = agent.until.map { " until \(time.moment($0))" } ?? ""
        switch agent.state {
        case .ready: return "ready"
        case .asleep: return Text("asleep\(until)", .notice)
        case .backingOff: return Text("backing off\(until)", .notice)
        case .setAside:
            return Text("set aside" + (agent.until.map { ", asked again \(time.moment($0))" } ?? ""), .bad)
        }
    }
}
