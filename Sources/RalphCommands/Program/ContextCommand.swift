import ArgumentParser

/// How a command that did its job ends.
enum CommandEnd: Int32, Sendable {
    case done = 0
    /// `wait` ran out of time; a document has errors.
    case failed = 1
    /// Something needs a person.
    case needsPerson = 3
}

/// A command of `ralphctl`: arguments in, one question or deed, an answer out.
protocol ContextCommand: ParsableCommand {
    var global: GlobalOptions { get }

    func run(in context: CommandContext) async throws -> CommandEnd
}
