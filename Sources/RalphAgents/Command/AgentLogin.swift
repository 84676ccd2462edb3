import Foundation

/// The login that a person makes with a CLI, and where the CLI keeps it.
package struct AgentLogin: Sendable {
    /// Completes "log in with": a command or a key, with the next step.
    package var advice: String
    /// Moves the directory when it is set, such as `CLAUDE_CONFIG_DIR`.
    var variable: String?
    /// Below `HOME`, where no variable moves it.
    var directory: String
    /// The first that is there is the login.
    var files: [String]

    init(_ advice: String, _ files: [String] = [], in directory: String = "", or variable: String? = nil) {
        self.advice = advice
        self.variable = variable
        self.directory = directory
        self.files = files
    }

    /// Which login a run will use, as far as can be seen from outside.
    package struct Finding: Equatable, Sendable {
        /// "ANTHROPIC_API_KEY from credentials:", "/home/me/.claude/.credentials.json (max plan)".
        package var words: String
        /// Whether it is paid by use rather than by a plan; nil when that cannot be told.
        package var bills: Bool?
    }

    func find(in environment: [String: String]) -> Finding? {
        paths(in: environment).first { FileManager.default.fileExists(atPath: $0) }.map(Self.finding)
    }

    /// Where the CLI may keep its login.
    func paths(in environment: [String: String]) -> [String] {
        let moved = variable.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        let home = environment["HOME"].map { directory.isEmpty ? $0 : "\($0)/\(directory)" }
        guard let place = moved ?? home else { return [] }
        return files.map { "\(place)/\($0)" }
    }

    /// What the file says of a plan; nothing of it is kept.
    private static func finding(_ file: String) -> Finding {
        guard let bytes = FileManager.default.contents(atPath: file), bytes.count < 1 << 20,
            let json = JSONValue(line: Array(bytes))
        else { return Finding(words: file, bills: nil) }
        if case let plan = json["claudeAiOauth"], plan.isObject {
            let kind = plan["subscriptionType"].text.map { " (\($0) plan)" } ?? " (a plan)"
            return Finding(words: file + kind, bills: false)
        }
        if json["OPENAI_API_KEY"].text != nil { return Finding(words: file + " (an API key)", bills: true) }
        if json["tokens"].isObject { return Finding(words: file + " (a plan)", bills: false) }
        return Finding(words: file, bills: nil)
    }
}

extension AgentCLI {
    /// Where the CLI may keep the login of a run in `environment`.
    package func loginFiles(in environment: [String: String]) -> [String] {
        login?.paths(in: environment) ?? []
    }

    /// Whether a login that a person made would be seen; of a CLI that keeps it elsewhere nothing can be said.
    package var showsItsLogin: Bool { !(login?.files.isEmpty ?? true) }

    /// Variables with a key that are set in `inherited` and not in the environment of a run: the CLI would have preferred
    /// them to its login.
    package func withheldKeys(from inherited: [String: String], in environment: [String: String]) -> [String]
    {
        credentialVariables.filter {
            inherited[$0]?.isEmpty == false && environment[$0] == nil && Self.isKey($0)
        }
    }

    /// The login that a run in `environment` will use; nil when none is to be seen.
    /// - Parameter handed: variables that `credentials:` gives it.
    package func findLogin(in environment: [String: String], handed: Set<String> = []) -> AgentLogin.Finding?
    {
        let given = credentialVariables.first {
            environment[$0]?.isEmpty == false && Self.isKey($0)
        }
        if let given {
            let source = handed.contains(given) ? "credentials:" : "env:"
            // A token of a subscription is no key, though it comes the same way.
            return AgentLogin.Finding(words: "\(given) from \(source)", bills: !given.contains("OAUTH"))
        }
        return login?.find(in: environment)
    }

    private static func isKey(_ variable: String) -> Bool {
        ["KEY", "TOKEN", "CREDENTIALS"].contains { variable.contains($0) }
    }
}
