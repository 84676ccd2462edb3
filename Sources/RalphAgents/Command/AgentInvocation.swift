package import struct SystemPackage.FilePath

/// One run of an agent, as the daemon asks for it.
package struct AgentInvocation: Sendable {
    package var prompt: String
    /// Where the prompt may be put for a CLI that reads it from a file; nothing is written unless the command says so.
    package var promptFile: FilePath
    /// As the person wrote it behind `claude:`. Nil: the CLI's own default.
    package var model: String?
    /// Nil: no limit. CLIs without such an option ignore it.
    package var maxTurns: Int?
    /// Nil: no limit. CLIs without such an option ignore it.
    package var budgetUSD: Double?

    package init(
        prompt: String,
        promptFile: FilePath,
        model: String? = nil,
        maxTurns: Int? = nil,
        budgetUSD: Double? = nil
    ) {
        self.prompt = prompt
        self.promptFile = promptFile
        self.model = model
        self.maxTurns = maxTurns
        self.budgetUSD = budgetUSD
    }
}

/// What to start for an invocation. It runs in the workspace, with the environment that `AgentEnvironment` builds.
package struct AgentCommand: Equatable, Sendable {
    /// A name to look up in `path:`, or a path.
    package var program: String
    package var arguments: [String]
    /// For standard input, which is closed after it; empty when the prompt goes another way.
    package var input: [UInt8]
    /// A file that has to hold the prompt before the start.
    package var promptFile: FilePath?
}
