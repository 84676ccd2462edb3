import RalphAgents
import RalphCore

extension AgentCatalogue {
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
