import RalphAgents
import RalphCore

/// Looks whether the agents that a project names can be started.
enum AgentCatalogue {
    /// The CLIs of the fallback order; throws for a name that nobody knows.
    @discardableResult
    static func check(_ settings: ProjectSettings) throws(Failure) -> [AgentCLI] {
        var found: [AgentCLI] = []
        for choice in settings.agents + settings.escalate {
            found.append(try AgentCLI.named(choice.name, custom: settings.customAgents))
        }
        return found
    }

    /// Why a budget cannot be held with these agents: one of them tells too little. Nil when it can.
    static func problem(of budget: Budget, _ choices: [AgentChoice], _ settings: ProjectSettings) -> String? {
        guard budget.hasUSD || budget.hasTokens else { return nil }
        for choice in choices {
            guard let cli = try? AgentCLI.named(choice.name, custom: settings.customAgents) else { continue }
            switch cli.telling {
            case .cost: continue
            case .tokens:
                guard budget.hasUSD, settings.prices.price(of: choice, served: nil) == nil else { continue }
                return "the budget is in dollars, and \(choice) does not say what it costs: write "
                    + "`prices: {\(choice.name): {input: …, output: …}}` in dollars for a million tokens, or the budget in "
                    + "tokens, like 20M tokens"
            case .nothing:
                return
                    "a budget is set, and \(choice) tells neither what it costs nor its tokens: leave the budget out, or "
                    + "use another agent"
            }
        }
        return nil
    }

    /// Throws when not one of them is on the PATH: then nothing could ever run.
    static func assertReachable(_ settings: ProjectSettings, path: String) throws(Failure) {
        let clis = try check(settings)
        guard clis.allSatisfy({ ProgramLookup.find($0.program, path: path) == nil }) else { return }
        let programs = clis.map(\.program).joined(separator: ", ")
        throw Failure(
            .configuration,
            "agent \(programs) is not on PATH (\(path)): install it, set path: in the host's configuration, or pass --agent"
        )
    }
}
