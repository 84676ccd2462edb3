import RalphAgents
import RalphCore

/// Looks whether the agents that a project names can be started.
enum AgentCatalogue {
    /// The CLIs of the fallback order; throws for a name that nobody knows.
    @discardableResult
    static func check(_ settings: ProjectSettings) throws(Failure) -> [AgentCLI] {
        var found: [AgentCLI] = []
        for choice in settings.agents {
            found.append(try AgentCLI.named(choice.name, custom: settings.customAgents))
        }
        return found
    }

    /// Throws when not one of them is on the PATH: then nothing could ever run.
    static func assertReachable(_ settings: ProjectSettings, path: String) throws(Failure) {
        let clis = try check(settings)
        guard clis.allSatisfy({ ProgramLookup.find($0.program, path: path) == nil }) else { return }
        let programs = clis.map(\.program).joined(separator: ", ")
        throw Failure(
            .configuration,
            "agent \(programs) is not on PATH (\(path)): install it, set path: in the host's configuration, or pass --agent"
        )
    }
}
