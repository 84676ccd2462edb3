import ArgumentParser
import RalphCore
import RalphPRD

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `ralphctl` as a function of its arguments: parses, runs, and is the one place that turns what went wrong into a line
/// on standard error and an exit code.
package enum Program {
    /// Runs with the process's own arguments; the exit code is the answer.
    package static func main() async -> Int32 {
        // A reader that went away is told by the write, `ralphctl history | head`.
        signal(SIGPIPE, SIG_IGN)
        quietRuntime()
        return await run(Array(CommandLine.arguments.dropFirst()), in: .live())
    }

    /// Nothing that goes wrong is without a code: usage errors are 64 (sysexits(3)), a `Failure` knows its own.
    static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do {
            let named = globalsLast(arguments).drop { $0 == "help" }.first
            if let named, !named.hasPrefix("-"), !isCommand(named) { throw noCommand(named) }
            if RootHelp.isMeant(by: arguments) {
                try context.console.output.write(RootHelp.text)
                return 0
            }
            var parsed = try Ralphctl.parseAsRoot(globalsLast(arguments))
            guard let command = parsed as? any ContextCommand else {
                // Help, or a command that only holds others.
                try parsed.run()
                return 0
            }
            var context = context
            context.console.wantsJSON = command.global.json
            return try await command.run(in: context).rawValue
        } catch let failure as Failure {
            context.console.note(Text(failure.message))
            return exitCode(of: failure)
        } catch is CancellationError {
            return interrupted
        } catch {
            return tell(error, about: arguments, in: context)
        }
    }

    /// The table of all failures, less the codes that only a daemon's own end has: what cannot be done has failed.
    private static func exitCode(of failure: Failure) -> Int32 {
        switch failure.code {
        case .usage, .ambiguous, .notFound, .noDaemon, .noAnswer: failure.code.exitCode
        case .configuration, .busy, .conflict, .forbidden, .unavailable, .storage, .git, .process,
            .internalError:
            1
        }
    }

    /// `ralphctl --state-dir D status` as `ralphctl status --state-dir D`: people write the options that all commands
    /// share in either place, and the parser knows them behind the command.
    private static func globalsLast(_ arguments: [String]) -> [String] {
        let valued: Set = ["--socket", "--state-dir", "--project"]
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if valued.contains(first), rest.count > 1 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if first == "--json" || valued.contains(where: { first.hasPrefix($0 + "=") }) {
                leading.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let command = rest.first, !leading.isEmpty, !command.hasPrefix("-") else { return arguments }
        let holders = Ralphctl.configuration.subcommands.filter { !$0.configuration.subcommands.isEmpty }
        let depth = holders.contains { $0.configuration.commandName == command } && rest.count > 1 ? 2 : 1
        return rest.prefix(depth) + leading + rest.dropFirst(depth)
    }

    /// What a shell reports for a program that SIGINT ended.
    private static let interrupted: Int32 = 130

    /// What the argument parser has to say: help on standard output, a mistake as one line on standard error.
    private static func tell(_ error: any Error, about arguments: [String], in context: CommandContext)
        -> Int32
    {
        let code = Ralphctl.exitCode(for: error)
        if code.isSuccess {
            _ = try? context.console.output.write(Ralphctl.fullMessage(for: error) + "\n")
        } else {
            let message = oneLine(Ralphctl.message(for: error))
            context.console.note(Text("\(message): see \(helpCommand(for: arguments))"))
        }
        return code.rawValue
    }

    /// The parser's sentences as ours: lower case, no full stop, a list of values behind commas.
    private static func oneLine(_ message: String) -> String {
        let lines = message.split(separator: "\n")
        let head = lines.first.map { $0.prefix(1).lowercased() + $0.dropFirst() } ?? ""
        let values = lines.dropFirst().map { $0.trimmingPrefix { $0 == " " || $0 == "-" } }.joined(
            separator: ", "
        )
        let whole = values.isEmpty ? head : "\(head) \(values)"
        return whole.last == "." || whole.last == "?" ? String(whole.dropLast()) : whole
    }

    private static func noCommand(_ word: String) -> Failure {
        let names = Ralphctl.configuration.subcommands.compactMap { $0.configuration.commandName }
        let near = Spelling.nearest(to: word, in: names).map { ", did you mean \($0)?" }
        return Failure(.usage, "there is no command \(word)\(near ?? ":") ralphctl help lists them")
    }

    private static func isCommand(_ word: String) -> Bool {
        Ralphctl.configuration.subcommands.contains { $0.configuration.commandName == word }
    }

    private static func helpCommand(for arguments: [String]) -> String {
        let command = arguments.first.flatMap { isCommand($0) ? " \($0)" : nil }
        return "ralphctl\(command ?? "") --help"
    }
}
