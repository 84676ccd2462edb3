package import RalphCore

/// Looks whether the agents that a project names are known, and can be held to its budget.
package enum AgentCatalogue {
    /// The CLIs of the fallback order; throws for a name that nobody knows.
    @discardableResult
    package static func check(_ settings: ProjectSettings) throws(Failure) -> [AgentCLI] {
        var found: [AgentCLI] = []
        for choice in settings.agents + settings.escalate {
            found.append(try AgentCLI.named(choice.name, custom: settings.customAgents))
        }
        return found
    }

    /// What makes a front matter one that nobody can work by, and the key that says so. Nil when there is nothing.
    /// - Parameter settings: with the default agent where none is named.
    package static func problem(of settings: ProjectSettings) -> (key: String, message: String)? {
        let reviewers = [settings.review?.agent].compactMap(\.self)
        for (key, choices) in [
            ("agent", settings.agents), ("escalate", settings.escalate), ("review", reviewers),
        ] {
            for choice in choices {
                do throws(Failure) {
                    _ = try AgentCLI.named(choice.name, custom: settings.customAgents)
                } catch {
                    return (key, error.message)
                }
            }
        }
        let choices = settings.agents + settings.escalate + reviewers
        return problem(of: settings.budget, choices, settings).map { ("budget", $0) }
    }

    /// Why an item cannot run with its own agent or budget. Nil when it can, or asks for neither.
    package static func problem(of item: Item, in settings: ProjectSettings) -> String? {
        let attributes = item.attributes
        guard item.error == nil, !item.isTicked, attributes.agent != nil || attributes.budget != nil else {
            return nil
        }
        if let own = attributes.agent {
            do throws(Failure) {
                _ = try AgentCLI.named(own.name, custom: settings.customAgents)
            } catch {
                return error.message
            }
        }
        var budget = settings.budget
        budget.item = attributes.budget ?? budget.item
        let choices = attributes.agent.map { [$0] } ?? settings.agents + settings.escalate
        return problem(of: budget, choices, settings)
    }

    /// Why a budget cannot be held with these agents: one of them tells too little. Nil when it can.
    private static func problem(of budget: Budget, _ choices: [AgentChoice], _ settings: ProjectSettings)
        -> String?
    {
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
}
