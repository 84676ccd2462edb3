import RalphAPI
import RalphAgents
import RalphCore

/// The agents of a project with where each is on this host.
struct AgentList: Sendable {
    var plan: ProjectPlan
    /// The daemon's own environment.
    var inherited: [String: String]

    /// Those that the PRD names, each once: who works, who is asked when that fails, who reviews.
    static func named(in settings: ProjectSettings) -> [String] {
        let all = settings.agents + settings.escalate + (settings.review.map { [$0.agent] } ?? [])
        return all.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }
    }

    /// - Parameter known: those that the history has.
    func list(_ known: [AgentDetailView]) async -> [AgentDetailView] {
        let named = Self.named(in: plan.settings)
        var views = named.map { name in
            known.first { $0.summary.name == name }
                ?? AgentDetailView(AgentView(AgentRecord(name: name)), AgentParticulars())
        }
        views += known.filter { !named.contains($0.summary.name) }
        return await withTaskGroup(of: (Int, AgentDetailView).self) { group in
            for (index, view) in views.enumerated() {
                group.addTask { (index, await located(view)) }
            }
            var list = views
            for await (index, view) in group { list[index] = view }
            return list
        }
    }

    private func located(_ view: AgentDetailView) async -> AgentDetailView {
        let name = String(view.summary.name.prefix { $0 != ":" })
        guard let cli = try? AgentCLI.named(name, custom: plan.settings.customAgents) else { return view }
        let program = plan.program(of: cli, from: inherited)
        let seen = await AgentInspection.look(at: cli, environment: program.environment)
        var view = view
        view.particulars.program = cli.program
        (view.particulars.path, view.particulars.version) = (seen.path, seen.version)
        return view
    }
}
