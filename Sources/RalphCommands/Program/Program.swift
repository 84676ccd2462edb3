import ArgumentParser
import RalphCore

/// `ralphctl` as a function of its arguments: parses, runs, and is the one place that turns what went wrong into a line
/// on standard error and an exit code.
enum Program {
    /// Nothing that goes wrong is without a code: usage errors are 64 (sysexits(3)), a `Failure` knows its own.
    static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do {
            var parsed = try Ralphctl.parseAsRoot(arguments)
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
            return failure.code.exitCode
        } catch is CancellationError {
            return interrupted
        } catch {
            return tell(error, in: context)
        }
    }

    /// What a shell reports for a program that SIGINT ended.
    private static let interrupted: Int32 = 130

    /// What the argument parser has to say: help on standard output, a mistake as one line on standard error.
    private static func tell(_ error: any Error, in context: CommandContext) -> Int32 {
        let code = Ralphctl.exitCode(for: error)
        if code.isSuccess {
            _ = try? context.console.output.write(Ralphctl.fullMessage(for: error) + "\n")
        } else {
            let full = Ralphctl.message(for: error)
            let message = full.prefix(1).lowercased() + full.dropFirst()
            context.console.note(Text(message.hasSuffix(".") ? String(message.dropLast()) : message))
        }
        return code.rawValue
    }
}
