import RalphAgents
import RalphCore
import RalphPRD
import SystemPackage

extension Configuration {
    /// What this host makes of a document. Throws when a front matter asks for more than `limits:` allows, names an agent
    /// that nobody knows, or sets a budget that cannot be held; an item that does so waits with an error.
    /// - Parameter bytes: what the document was read from.
    func admit(_ document: Document, _ bytes: [UInt8]) throws(Rejection) -> Document {
        func refuse(_ key: String, _ message: String) -> Rejection {
            Rejection(message, line: document.line(ofSetting: key, in: bytes))
        }
        if let excess = document.settings.excess(over: host.limits) {
            throw refuse(excess.key, excess.message)
        }
        let settings = effective(document.settings)
        // What `--agent` names is looked at where the daemon starts.
        if let problem = AgentCatalogue.problem(of: settings), agent == nil || problem.key != "agent" {
            throw refuse(problem.key, problem.message)
        }
        if let prompt = settings.prompt {
            do throws(Failure) {
                _ = try PromptTemplate.read(prd.removingLastComponent().resolving(prompt.path))
            } catch {
                throw refuse("prompt", error.message)
            }
        }
        var admitted = document
        for index in admitted.items.indices {
            admitted.items[index].attributes.bound(by: host.limits)
            guard let problem = AgentCatalogue.problem(of: admitted.items[index], in: settings) else {
                continue
            }
            admitted.items[index].error = problem
            admitted.problems.append(
                Diagnostic(line: admitted.items[index].line, column: 1, severity: .error, message: problem)
            )
        }
        return admitted
    }

    /// A credential for an agent that nobody knows: a misspelt name, for which another login would pay. Its line is none of the
    /// PRD's, so it is 0.
    func credentialProblem(with settings: ProjectSettings) -> Diagnostic? {
        let known =
            AgentCLI.builtIn.map(\.name) + host.project.customAgents.keys.sorted()
            + settings.customAgents.keys.sorted()
        guard let stranger = host.credentials.keys.sorted().first(where: { !known.contains($0) }) else {
            return nil
        }
        let place = "\(hostFile ?? "the host's configuration"):\(host.credentialLines[stranger] ?? 1)"
        let names = Set(known).sorted().joined(separator: ", ")
        return Diagnostic(
            line: 0,
            column: 0,
            severity: .error,
            message: "\(place): credentials: no agent is called `\(stranger)`; known are \(names)"
        )
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

    /// What was set and is over the host's limits: the key, and what to do about it.
    fileprivate func excess(over limits: Limits) -> (key: String, message: String)? {
        for scope in Budget.Scope.allCases {
            let (asked, most) = (budget[scope], limits.budget[scope])
            let isOver = asked.usd ?? 0 > most.usd ?? .infinity || asked.tokens ?? 0 > most.tokens ?? .max
            if isOver {
                return Self.excess("budget", "budget: {\(scope.rawValue): …}", "\(asked)", "\(most)")
            }
        }
        let defaults = ProjectSettings()
        if let most = limits.attempts, attempts > most, attempts != defaults.attempts {
            return Self.excess("attempts", "attempts", "\(attempts)", "\(most)")
        }
        if let most = limits.timeout, timeout > most, timeout != defaults.timeout {
            return Self.excess("timeout", "timeout", timeout.words, most.words)
        }
        if let most = limits.idleTimeout, idleTimeout > most, idleTimeout != defaults.idleTimeout {
            return Self.excess("idle-timeout", "idle-timeout", idleTimeout.words, most.words)
        }
        return nil
    }

    private static func excess(_ key: String, _ words: String, _ asked: String, _ most: String) -> (
        key: String, message: String
    ) {
        let message =
            "`\(words)` is \(asked), and this host allows \(most): lower it, or raise `limits:` in the host's "
        return (key, message + "configuration")
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
