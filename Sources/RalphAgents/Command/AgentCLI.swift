package import RalphCore

/// One agent CLI as a value: how it is started, what it may know of the environment, how its output is read.
///
/// A new one is a file in `BuiltIn/` that extends this type with a constant, and a line in `builtIn`.
package struct AgentCLI: Sendable {
    /// What `agent:` calls it.
    package let name: String
    package let program: String
    /// Prints the version and exits without a model call.
    package var versionArguments: [String] = ["--version"]
    /// Variables by which the CLI finds its own state and settings; passed on when the daemon has them.
    package var stateVariables: [String] = []
    /// Variables that hold a login or a key. The CLI would silently prefer them to the login under `HOME`, so they are
    /// passed on only when `credentials:` or `env:` says so.
    package var credentialVariables: [String] = []
    /// Nil for an agent that the author describes.
    package var login: AgentLogin?
    /// Always set: no updates, no telemetry, no memory across runs, nothing left in the background.
    package var fixedVariables: [String: String] = [:]
    /// Set when the daemon runs as root.
    package var rootVariables: [String: String] = [:]
    package var delivery: CustomAgent.PromptDelivery = .stdin
    /// What it says of what a run cost.
    package var telling: Telling = .tokens
    /// It waits out limits and outages of its provider without a word: silence from the start says nothing of the item.
    package var waitsSilently = false
    /// Program arguments; the prompt is not among them unless `delivery` is `argument`.
    let arguments: @Sendable (AgentInvocation) -> [String]
    let decoder: @Sendable () -> any AgentDecoder
    /// Nil for a CLI that prints text.
    let rendering: (@Sendable (JSONValue) -> [TranscriptLine])?

    /// What a CLI says of what a run cost, so that a budget knows what it can hold.
    package enum Telling: Sendable {
        /// Dollars, at least as a rule, and tokens.
        case cost
        /// Tokens alone: dollars follow from `prices:`.
        case tokens
        case nothing
    }

    package func command(for invocation: AgentInvocation) -> AgentCommand {
        AgentCommand(
            program: program,
            arguments: arguments(invocation),
            input: delivery == .stdin ? Array(invocation.prompt.utf8) : [],
            promptFile: delivery == .file ? invocation.promptFile : nil
        )
    }

    /// The version in what `versionArguments` made the program print: the first word that looks like one.
    package static func version(in output: String) -> String? {
        output.split(whereSeparator: \.isWhitespace)
            .map {
                $0.drop { $0 == "v" || $0 == "(" }.prefix { $0.isNumber || $0.isLetter || ".-+".contains($0) }
            }
            .first { $0.first?.isNumber == true && $0.contains(".") }
            .map(String.init)
    }

    /// Whether it tells what it does as it goes, one frame a line.
    package var printsFrames: Bool { rendering != nil }

    /// A decoder for one run.
    package func makeDecoder() -> any AgentDecoder { decoder() }

    /// One line of the transcript as a person wants to read it; safe for a terminal.
    package func render(line: [UInt8]) -> [TranscriptLine] {
        guard let rendering else {
            return [
                TranscriptLine(.text, String(decoding: line.prefix(JSONReader.stringLimit), as: UTF8.self))
            ]
        }
        guard let frame = JSONValue(line: line), frame.isObject else {
            let text = String(decoding: line.prefix(JSONReader.stringLimit), as: UTF8.self)
            return text.isEmpty ? [] : [TranscriptLine(.other, text)]
        }
        return rendering(frame)
    }
}
