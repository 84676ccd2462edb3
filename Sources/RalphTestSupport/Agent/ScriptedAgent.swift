import Foundation
import Glibc
package import RalphCore

import struct SystemPackage.FilePath

/// An agent CLI that acts out a script in place of a model: `docs/scripted-agent.md`.
///
/// It reads a prompt from standard input, finds the item and the try in it, and performs what the script says for them in the
/// current directory, the way a real one would: files, words, its note in `.ralphd/outbox/`, or some misbehaviour.
package struct ScriptedAgent {
    /// What the command line says.
    package struct Options: Equatable, Sendable {
        /// A file of acts; without one, every item gets the default acts.
        package var script: String?
        /// Where tries are counted; without one, the prompt's own account of the last try is believed.
        package var state: String?
        package var output = AgentVoice.Format.text
    }

    private let options: Options

    package init(_ options: Options) { self.options = options }

    /// Runs to the end of its acts. Some acts end the process themselves.
    package func run() throws {
        let script = try options.script.map { try AgentScript(contentsOf: $0) } ?? AgentScript()
        let prompt = PromptReading(String(decoding: Self.standardInput(), as: UTF8.self))
        let tryNumber =
            try options.state.map { try Self.countTry(of: prompt.slug, in: $0) } ?? prompt.tryNumber
        let stage = AgentStage(
            prompt: prompt,
            tryNumber: tryNumber,
            scriptDirectory: script.directory,
            voice: AgentVoice(options.output)
        )
        for act in script.acts(for: prompt, try: tryNumber) { try act.perform(on: stage) }
        stage.voice.final("Done.")
    }

    private static func standardInput() -> Data {
        FileHandle.standardInput.readDataToEndOfFile()
    }

    /// One line per try in a file of the item's name, so that the count outlives a kill.
    private static func countTry(of item: String, in directory: String) throws -> Int {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = FilePath(directory).appending("\(item).tries").string
        let before = FileManager.default.contents(atPath: file)?.count ?? 0
        try Data(repeating: UInt8(ascii: "\n"), count: before + 1).write(to: URL(filePath: file))
        return before + 1
    }
}

extension ScriptedAgent.Options {
    /// - Throws: `Failure.usage` that names the argument.
    package init(arguments: [String], environment: [String: String]) throws(Failure) {
        script = environment["RALPH_SCRIPT"]
        state = environment["RALPH_SCRIPT_STATE"]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard ["--script", "--state", "--output"].contains(name) else {
                throw Failure(.usage, "unknown argument \(name): use --script, --state, --output or --acts")
            }
            guard let value = rest.popFirst() else { throw Failure(.usage, "\(name) needs a value") }
            switch name {
            case "--script": script = value
            case "--state": state = value
            default:
                guard let format = AgentVoice.Format(rawValue: value) else {
                    throw Failure(.usage, "no output format \(value): use text or claude")
                }
                output = format
            }
        }
    }
}

extension ScriptedAgent {
    /// The whole program: options, the run, and its exit status. Misuse is 64, as sysexits(3) has it.
    package static func main() -> Int32 {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments != ["--acts"] else {
            print(ActKind.reference)
            return 0
        }
        do {
            let environment = ProcessInfo.processInfo.environment
            try ScriptedAgent(Options(arguments: arguments, environment: environment)).run()
            return 0
        } catch {
            AgentVoice.complain("scripted-agent: \(error)")
            return (error as? Failure)?.code.exitCode ?? 1
        }
    }
}
