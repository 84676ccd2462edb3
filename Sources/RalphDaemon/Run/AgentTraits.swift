import Foundation
import RalphAgents
import RalphCore
import SystemPackage

/// What decides on this host whether an agent can work: its program, its login, its credential. Told apart by what can be seen
/// from outside; nothing of a secret is kept.
struct AgentTraits: Equatable, Sendable {
    /// A file as it was found; nil: there is none.
    private struct Trace: Equatable {
        var identity: FileFacts.Identity
        var size: Int64
        var modified: Int64

        /// Follows links: an updated CLI is often another target of the same name.
        init?(_ path: String) {
            guard let seen = FileFacts(of: FilePath(path)) else { return nil }
            (identity, size, modified) = (seen.identity, seen.size, seen.modified)
        }
    }

    private var executable: String?
    private var program: Trace?
    private var login: [String: Trace]
    /// A hash of the variables that `credentials:` gives, with their values; each life of the process has its own.
    private var credential: Int
    private var trouble: String?

    init(of cli: AgentCLI, _ program: AgentProgram) {
        executable = program.executable
        self.program = program.executable.flatMap(Trace.init)
        let files = cli.loginFiles(in: program.environment)
        login = Dictionary(
            files.compactMap { file in Trace(file).map { (file, $0) } },
            uniquingKeysWith: { $1 }
        )
        credential = program.environment.filter { program.credentialNames.contains($0.key) }.hashValue
        trouble = program.credentialTrouble
    }

    /// What is different from before, in a person's words; nil when nothing is.
    func change(since before: AgentTraits) -> String? {
        if executable != before.executable || program != before.program {
            return executable.map { "its program \($0) has changed" } ?? "its program is gone from PATH"
        }
        if login != before.login { return "its login has changed" }
        if credential != before.credential || trouble != before.trouble {
            return "its credential has changed"
        }
        return nil
    }
}

extension AgentTraits: CustomStringConvertible {
    /// For logs; says nothing of what is secret.
    var description: String { executable ?? "no program" }
}
