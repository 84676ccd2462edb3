/// What the host's configuration file says (DESIGN.md §10): where things are, and defaults for every project.
package struct HostSettings: Equatable, Codable, Sendable {
    package enum LogLevel: String, CaseIterable, Codable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// Where the file is that said all this; what is relative in it is seen from there. Nil: there is no file.
    package var directory: String?
    package var prd: String?
    package var repository: String?
    package var stateDirectory: String?
    package var socket: String?
    package var logLevel: LogLevel?
    /// `PATH` for agents, checks and set-up; the person's own, as a unit's finds no agent.
    package var path: String?
    /// By agent: environment variable to the file whose content it gets. A relative file is one of systemd's credentials
    /// where there is one of that name, else lies in `directory`.
    package var credentials: [String: [String: String]] = [:]
    /// Shell commands, run in order once per landing.
    package var afterLanding: [String] = []
    /// What holds where a PRD's front matter says nothing.
    package var project = ProjectSettings()

    package init() {}
}
