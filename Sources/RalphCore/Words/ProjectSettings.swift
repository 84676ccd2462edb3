/// What the front matter, or the host's defaults for it, say (DESIGN.md §10). Only keys that are built are here.
package struct ProjectSettings: Equatable, Codable, Sendable {
    package enum Order: String, CaseIterable, Codable, Sendable { case document, strict }
    package enum Verify: String, CaseIterable, Codable, Sendable { case reuse, clean }

    package var name: String?
    /// Fallback order. Empty means that nothing was said, and the daemon's default is used.
    package var agents: [AgentChoice] = []
    /// From small to big: one up after every second strike. Empty: nobody is escalated.
    package var escalate: [AgentChoice] = []
    package var customAgents: [String: CustomAgent] = [:]
    /// Nil: infer them from the base. Empty: none, on purpose.
    package var checks: [Check]?
    /// `sh` or `bash`; runs checks and set-up with `-e -c`.
    package var shell: String = "sh"
    package var setup: [String] = []
    /// Globs of files whose change makes set-up run again. Nil: the known lock and manifest files.
    package var setupInputs: [String]?
    /// Untracked files that workspace and verify directory both need.
    package var include: [String] = []
    /// Names of variables that agents, checks and set-up get from the daemon's environment.
    package var environment: [String] = []
    package var attempts: Int = 5
    package var timeout: Duration = .seconds(3600)
    package var idleTimeout: Duration = .seconds(900)
    /// Full or short name of the branch that moves. Nil: the one checked out at the first start.
    package var branch: String?
    /// Globs of paths that no iteration may change.
    package var protect: [String] = []
    package var verify: Verify = .reuse
    package var order: Order = .document
    /// Whether agents, checks and set-up may write only where they work, at home and to temporary files.
    package var sandbox = false
    package var keep = Retention()
    package var budget = Budget()
    /// By `agent` or `agent:model`.
    package var prices: [String: Price] = [:]
    /// When iterations may begin. Nil: always.
    package var hours: WorkingHours?
    /// A template in place of our own prompt.
    package var prompt: PromptFile?
    /// Who looks at green work before it lands. Nil: nobody.
    package var review: ReviewSettings?

    package init() {}
}

/// `review:`: another agent that can keep work from landing.
package struct ReviewSettings: Equatable, Codable, Sendable {
    package var agent: AgentChoice
    package var timeout: Duration = .seconds(1800)

    package init(agent: AgentChoice) { self.agent = agent }
}

/// `prompt:`: where a template of the author's is.
package struct PromptFile: Equatable, Codable, Sendable {
    /// As it was written; seen from the directory of the file that says it.
    package var path: String
    /// Line in the PRD, if it came from there.
    package var line: Int?

    package init(path: String, line: Int? = nil) {
        self.path = path
        self.line = line
    }
}

/// One entry of an `agent:` list: `claude` or `claude:opus`.
package struct AgentChoice: Hashable, Codable, Sendable, CustomStringConvertible {
    package var name: String
    package var model: String?

    package init(name: String, model: String? = nil) {
        self.name = name
        self.model = model
    }

    package var description: String { model.map { "\(name):\($0)" } ?? name }
}

/// An agent that the author describes: any program.
package struct CustomAgent: Equatable, Codable, Sendable {
    package enum PromptDelivery: String, CaseIterable, Codable, Sendable { case stdin, argument, file }
    package enum Output: String, CaseIterable, Codable, Sendable {
        case text
        case claudeStreamJSON = "claude-stream-json"
        case codexJSON = "codex-json"
    }

    /// Program and arguments; a `{prompt}` argument is replaced by the prompt or its file.
    package var command: [String]
    package var prompt: PromptDelivery = .stdin
    package var output: Output = .text
    /// Names of variables, never values.
    package var environment: [String] = []

    package init(command: [String]) { self.command = command }
}

/// A command that must exit 0.
package struct Check: Hashable, Codable, Sendable {
    package var name: String
    package var run: String
    package var timeout: Duration = .seconds(900)
    /// How often a failing run is tried again; a pass after that is `flaky`.
    package var retry: Int = 0
    /// Globs: when given, the check runs only if the candidate changes a matching path.
    package var paths: [String] = []
    /// Line in the PRD, if it came from there.
    package var line: Int?

    /// What an item's own check is called: this, or this with a hyphen and a number when it has several.
    package static let itemName = "item"

    package static func isItems(_ name: String) -> Bool {
        name == itemName || name.hasPrefix(itemName + "-")
    }

    package init(name: String, run: String) {
        self.name = name
        self.run = run
    }
}
