import RalphCore

/// `ralphctl init --json`: what it did, and the plan that follows from it.
struct InitAnswer: Encodable {
    var view: InitView
    var plan: PRDCheck

    private enum CodingKeys: String, CodingKey { case plan }

    func encode(to encoder: any Encoder) throws {
        try view.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(plan, forKey: .plan)
    }
}

/// What `ralphctl init` did, for a person: what it found, the plan, what is missing, and last the next commands.
struct InitScreen {
    let view: InitView
    let check: PRDCheck
    let terminal: Terminal

    private static let widest = 100

    private var page: LabelledPage {
        LabelledPage(width: min(terminal.width ?? InitScreen.widest, InitScreen.widest))
    }

    var lines: [Text] {
        let name = Wording.path(view.prd.path, in: view.repository)
        return head + found
            + [Text()] + PRDCheckScreen(check: check, name: name, terminal: terminal).lines
            + problems + [Text(), Text("next", .strong)] + view.next.map { "  \($0, .strong)" }
    }

    private var head: [Text] {
        let files = [view.config, view.prd] + (view.dropIn.map { [$0] } ?? [])
        let written = files.filter(\.isNew).map(\.path)
        let there = files.filter { !$0.isNew }.map(\.path)
        let state = written.isEmpty ? "is set up already; nothing was changed" : "is set up"
        return ["\(view.name, .strong)   \(view.repository) \(state)"]
            + page.block("wrote", joined(written)) + page.block("there", joined(there))
    }

    private var found: [Text] {
        let branch = view.branch ?? "no branch is checked out"
        let head = view.head.map { " at \(Wording.commit($0))" } ?? ", without a commit yet"
        return page.line("branch", "\(branch)\(head)")
            + page.block("agents", view.agent.joined(separator: ", then "))
            + view.agents.flatMap { page.block("", InitScreen.words($0)) }
            + page.block("checks", checks) + page.block("rights", view.rights) + page.block("path", view.path)
    }

    private var checks: String? {
        let words = view.checks.map { check in
            "\(check.name): `\(check.run)`" + (check.source.map { " (from \($0))" } ?? "")
        }
        return joined(words)
    }

    /// "claude 2.1.3 at /usr/bin/claude: logged in, a plan pays: …; ANTHROPIC_API_KEY is set here, not passed on".
    static func words(_ agent: AgentFinding) -> String {
        let version = agent.version.map { " \($0)" } ?? ""
        let withheld =
            agent.withheld.isEmpty
            ? ""
            : "; \(agent.withheld.joined(separator: ", ")) set here, not passed on: credentials: or env: would"
        return "\(agent.name)\(version) at \(agent.program): \(login(agent))\(withheld)"
    }

    static func login(_ agent: AgentFinding) -> String {
        guard let login = agent.login else {
            return agent.showsLogin ? "not logged in" : "whether it is logged in cannot be told"
        }
        switch agent.bills {
        case false?: return "logged in, a plan pays: \(login)"
        case true?: return "logged in, every token is billed: \(login)"
        case nil: return "logged in: \(login)"
        }
    }

    private var problems: [Text] {
        if view.problems.isEmpty { return [] }
        let width = page.width - 2
        return [Text(), Text("before it can run", .bad)]
            + view.problems.flatMap { Text.wrapped($0, to: width).map { "  " + $0 } }
    }

    private func joined(_ parts: [String]) -> String? { parts.isEmpty ? nil : parts.joined(separator: ", ") }
}
