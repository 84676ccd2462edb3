import RalphAPI
import RalphCore

/// Agents and whether they can take items.
enum AgentScreen {
    /// "claude asleep until 03:01".
    static func words(_ agent: AgentView, time: LocalTime) -> Text {
        "\(agent.name) \(state(agent, time: time))"
    }

    static func table(_ agents: [AgentView], time: LocalTime) -> Table {
        Table(
            [.init("AGENT"), .init("STATE"), .init("WHY", isFlexible: true), .init("SOONER")],
            rows: agents.map { agent in
                let retry = agent.state == .ready ? "" : "ralphctl agents retry \(agent.name)"
                return [Text(agent.name), state(agent, time: time), Text(agent.message ?? ""), Text(retry)]
            }
        )
    }

    private static func state(_ agent: AgentView, time: LocalTime) -> Text {
        let until = agent.until.map { " until \(time.moment($0))" } ?? ""
        switch agent.state {
        case .ready: return "ready"
        case .asleep: return Text("asleep\(until)", .notice)
        case .backingOff: return Text("backing off\(until)", .notice)
        case .setAside: return Text("set aside", .bad)
        }
    }
}
