import Logging
import RalphAgents
import RalphCore

/// Agents that are set aside, and what brings them back.
extension RunService {
    /// How often what they were set aside for is looked at, while there are any.
    private static let traitsPause: Duration = .seconds(10)

    /// Tells loudly of agents that were just set aside, and remembers how they were found.
    func tellSetAside(_ agents: [AgentRecord]) {
        for agent in agents where agent.state == .setAside {
            logger.error(
                "an agent is set aside",
                metadata: [
                    "agent": "\(agent.name)", "reason": "\(agent.message ?? "")",
                    "asked.again": "\(agent.until.map { "\($0)" } ?? "-")",
                    "do": "ralphctl agents retry \(agent.name)",
                ]
            )
            traits[agent.name] = agentTraits(agent.name)
        }
        watchSetAside()
    }

    /// Who starts the daemon has mended something: those that an earlier life set aside are asked at once.
    func askSetAsideAgain() async {
        for name in setAsideAgents { await reinstate(name, "ralphd was started again") }
    }

    /// Looks again at those that are set aside: one that is not as it was is asked again.
    func lookAtSetAside() async {
        isWatchingAgents = false
        for name in setAsideAgents {
            guard let now = agentTraits(name) else { continue }
            let before = traits.updateValue(now, forKey: name)
            if let why = before.flatMap(now.change(since:)) { await reinstate(name, why) }
        }
        watchSetAside()
    }

    /// As long as there are any.
    private func watchSetAside() {
        let names = Set(setAsideAgents)
        traits = traits.filter { names.contains($0.key) }
        guard !names.isEmpty, !isWatchingAgents, !isStopping else { return }
        isWatchingAgents = true
        let pause = bench.clock.poll ?? Self.traitsPause
        beside { [inbox] in
            do { try await ContinuousClock().sleep(for: pause) } catch { return }
            inbox.yield(.agentsDue)
        }
    }

    private func reinstate(_ name: String, _ why: String) async {
        logger.notice(
            "an agent that was set aside is asked again",
            metadata: ["agent": "\(name)", "reason": "\(why)"]
        )
        await send(.agentMended(name))
    }

    private func agentTraits(_ name: String) -> AgentTraits? {
        guard let plan = plan(for: nil),
            let cli = try? AgentCLI.named(
                String(name.prefix { $0 != ":" }),
                custom: plan.settings.customAgents
            )
        else { return nil }
        return AgentTraits(of: cli, plan.program(of: cli, from: bench.environment))
    }

    var setAsideAgents: [String] {
        machine.agents.values.filter { $0.state == .setAside }.map(\.name).sorted()
    }
}
