import RalphAPI
import RalphAgents
import RalphCore

/// The agents of a project with where each is on this host.
struct AgentList: Sendable {
    var plan: ProjectPlan
    /// The daemon's own environment.
    var inherited: [String: String]

    /// - Parameter known: those that the history has.
    func list(_ known: [AgentDetailView]) async -> [AgentDetailView] {
        let named = plan.settings.agents.map(\.name)
        var views: [AgentDetailView] = []
        for name in named where !views.contains(where: { $0.summary.name == name }) {
            let view = known.first { $0.summary.name == name }
            views.append(view ?? AgentDetailView(AgentView(AgentRecord(name: name)), AgentParticulars()))
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
