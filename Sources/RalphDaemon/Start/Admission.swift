import RalphAgents
import RalphCore
import RalphPRD

extension Configuration {
    /// What this host makes of a document. Throws when a front matter asks for more than `limits:` allows, names an agent
    /// that nobody knows, or sets a budget that cannot be held; an item that does so waits with an error.
    func admit(_ document: Document) throws(Failure) -> Document {
        try document.settings.assertWithin(host.limits)
        let settings = effective(document.settings)
        try AgentCatalogue.check(settings)
        if let problem = AgentCatalogue.problem(
            of: settings.budget,
            settings.agents + settings.escalate,
            settings
        ) {
            throw Failure(.configuration, problem)
        }
        var admitted = document
        for index in admitted.items.indices {
            admitted.items[index].attributes.bound(by: host.limits)
            guard let problem = problem(of: admitted.items[index], settings) else { continue }
            admitted.items[index].error = problem
            admitted.problems.append(
                Diagnostic(line: admitted.items[index].line, column: 1, severity: .error, message: problem)
            )
        }
        return admitted
    }

    private func problem(of item: Item, _ settings: ProjectSettings) -> String? {
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
        return AgentCatalogue.problem(of: budget, choices, settings)
    }
}

extension ProjectSettings {
    /// What nobody set is lowered to the host's limits.
    func bounded(by limits: Limits) -> ProjectSettings {
        var bounded = self
        for scope in Budget.Scope.allCases {
            bounded.budget[scope] = budget[scope].lowered(to: limits.budget[scope])
        }
        bounded.budget.zone = budget.zone ?? limits.budget.zone
        bounded.attempts = min(attempts, limits.attempts ?? attempts)
        bounded.timeout = min(timeout, limits.timeout ?? timeout)
        bounded.idleTimeout = min(idleTimeout, limits.idleTimeout ?? idleTimeout)
        return bounded
    }

    /// Throws when something that was set is over the host's limits.
    fileprivate func assertWithin(_ limits: Limits) throws(Failure) {
        for scope in Budget.Scope.allCases {
            let (asked, most) = (budget[scope], limits.budget[scope])
            let isOver = asked.usd ?? 0 > most.usd ?? .infinity || asked.tokens ?? 0 > most.tokens ?? .max
            if isOver { try Self.refuse("budget: {\(scope.rawValue): …}", "\(asked)", "\(most)") }
        }
        let defaults = ProjectSettings()
        if let most = limits.attempts, attempts > most, attempts != defaults.attempts {
            try Self.refuse("attempts", "\(attempts)", "\(most)")
        }
        if let most = limits.timeout, timeout > most, timeout != defaults.timeout {
            try Self.refuse("timeout", timeout.words, most.words)
        }
        if let most = limits.idleTimeout, idleTimeout > most, idleTimeout != defaults.idleTimeout {
            try Self.refuse("idle-timeout", idleTimeout.words, most.words)
        }
    }

    private static func refuse(_ key: String, _ asked: String, _ most: String) throws(Failure) {
        throw Failure(
            .configuration,
            "`\(key)` is \(asked), and this host allows \(most): lower it, or raise `limits:` in the host's configuration"
        )
    }

    /// For `--check-config`.
    var agentWords: String {
        let others = agents.filter { !escalate.contains($0) }.map(\.description)
        let ladder = escalate.map(\.description).joined(separator: " < ")
        return ((ladder.isEmpty ? [] : [ladder]) + others).joined(separator: ", ")
    }
}

extension ItemAttributes {
    /// The budget is bounded where it is counted, so that raising the limit needs no edit.
    fileprivate mutating func bound(by limits: Limits) {
        if let most = limits.attempts { attempts = attempts.map { min($0, most) } }
        if let most = limits.timeout { timeout = timeout.map { min($0, most) } }
    }
}

extension Budget {
    /// For `--check-config`.
    var words: String {
        let parts = Scope.allCases.filter { !self[$0].isOpen }.map { "\($0.rawValue) \(self[$0])" }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
