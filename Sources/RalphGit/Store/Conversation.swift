internal import RalphCore
internal import RalphProcess

/// A long-lived git that answers on a pipe: started when first asked, started again when it died, ended when idle.
final class Conversation {
    private let command: GitCommand
    private let arguments: [String]
    private var process: CoProcess?

    init(_ command: GitCommand, _ arguments: [String]) {
        self.command = command
        self.arguments = arguments
    }

    /// Asks once, and once more with a fresh process if that failed: an old one may have died, or may hold on to files
    /// that the person's `git gc` removed. So what is asked must be harmless to repeat.
    func ask<Answer>(_ question: (CoProcess) throws(Failure) -> Answer) throws(Failure) -> Answer {
        do {
            return try question(try running())
        } catch {
            end()
            return try again(question)
        }
    }

    private func again<Answer>(_ question: (CoProcess) throws(Failure) -> Answer) throws(Failure) -> Answer {
        do {
            return try question(try running())
        } catch {
            end()
            let isDiskFull = error.message.contains("No space left on device")
            throw Failure(isDiskFull ? .storage : .git, "git \(arguments[0]): \(error.message)")
        }
    }

    func end() {
        process?.end()
        process = nil
    }

    private func running() throws(Failure) -> CoProcess {
        if let process { return process }
        let started = try command.converse(arguments)
        process = started
        return started
    }
}
