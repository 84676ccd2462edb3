import RalphAPI
import RalphCore

/// What `ralphctl init` found, wrote, and proposes.
struct InitView: Codable, Equatable, Sendable {
    /// A file of ours, and whether it was this call that wrote it.
    struct File: Codable, Equatable, Sendable {
        var path: String
        var isNew: Bool

        private enum CodingKeys: String, CodingKey {
            case path
            case isNew = "written"
        }
    }

    struct FoundCheck: Codable, Equatable, Sendable {
        var name: String
        var run: String
        /// The file that it was inferred from; null where the PRD or the host's file says it.
        @OrNull var source: String?
    }

    var name: String
    var repository: String
    @OrNull var branch: String?
    /// Null before the first commit.
    @OrNull var head: String?
    var prd: File
    var config: File
    /// Only with `--system`.
    @OrNull var dropIn: File?
    /// `PATH` of agents, checks and set-up.
    var path: String
    /// Those that the project uses, in their order, then others that are on the `PATH`.
    var agents: [AgentFinding]
    /// What the project uses, in fallback order.
    var agent: [String]
    var checks: [FoundCheck]
    /// Who agents and checks run as, and what holds them.
    var rights: String
    /// What still keeps it from running, most urgent first.
    var problems: [String]
    /// The next commands.
    var next: [String]

    private enum CodingKeys: String, CodingKey {
        case name, repository, branch, head, prd, config, path, agents, agent, checks, rights, problems, next
        case dropIn = "drop_in"
    }
}
