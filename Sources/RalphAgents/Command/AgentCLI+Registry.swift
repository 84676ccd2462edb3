package import RalphCore
import SystemPackage

extension AgentCLI {
    /// What works where nobody names an agent.
    package static let defaultName = "claude"

    /// All that need no description by the author.
    package static let builtIn: [AgentCLI] = [
        .claude, .codex, .gemini, .opencode, .cursor, .copilot, .amp, .goose, .qwen, .droid, .kimi, .aider,
    ]

    /// The CLI of that name; the author's own description wins over a built-in one.
    package static func named(_ name: String, custom: [String: CustomAgent] = [:]) throws(Failure) -> AgentCLI
    {
        if let description = custom[name] { return try AgentCLI(name: name, custom: description) }
        if let cli = builtIn.first(where: { $0.name == name }) { return cli }
        let known = (builtIn.map(\.name) + custom.keys.sorted()).joined(separator: ", ")
        throw Failure(
            .configuration,
            "no agent is called \(name): use one of \(known), or describe it under agents:"
        )
    }

    /// A program that the author describes.
    package init(name: String, custom: CustomAgent) throws(Failure) {
        guard let program = custom.command.first, !program.isEmpty else {
            throw Failure(.configuration, "agent \(name) has an empty command: write [program, argument, …]")
        }
        let decoder: @Sendable () -> any AgentDecoder
        let rendering: (@Sendable (JSONValue) -> [TranscriptLine])?
        let telling: Telling
        switch custom.output {
        case .text: (decoder, rendering, telling) = ({ TextDecoder(agent: name) }, nil, .nothing)
        case .claudeStreamJSON:
            decoder = { ClaudeDecoder(agent: name) }
            (rendering, telling) = (Self.claude.rendering, Self.claude.telling)
        case .codexJSON:
            decoder = { CodexDecoder(agent: name) }
            (rendering, telling) = (Self.codex.rendering, Self.codex.telling)
        }
        self.init(
            name: name,
            program: program,
            stateVariables: custom.environment,
            delivery: custom.prompt,
            telling: telling,
            arguments: { customArguments(custom, for: $0) },
            decoder: decoder,
            rendering: rendering
        )
    }
}

/// `{prompt}` becomes the prompt or its file, and is added at the end where the author left it out.
private func customArguments(_ custom: CustomAgent, for invocation: AgentInvocation) -> [String] {
    let arguments = Array(custom.command.dropFirst())
    let value: String
    switch custom.prompt {
    case .stdin: return arguments
    case .argument: value = invocation.prompt
    case .file: value = invocation.promptFile.string
    }
    let slot = "{prompt}"
    guard arguments.contains(where: { $0.contains(slot) }) else { return arguments + [value] }
    return arguments.map {
        $0.split(separator: slot, omittingEmptySubsequences: false).joined(separator: value)
    }
}
