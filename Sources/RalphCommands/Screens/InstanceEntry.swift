import RalphCore

/// A line of `ralphctl ls`.
struct InstanceEntry: Encodable, Equatable {
    var name: String
    /// As it was written last where the daemon hangs.
    var state: ProjectState
    /// Its daemon listens and does not answer.
    var isHung: Bool
    var needsYou: Int
    var repository: String
    var prd: String
    var stateDirectory: String
    var socket: String

    private enum CodingKeys: String, CodingKey {
        case name, state, repository, prd, socket
        case isHung = "hung"
        case needsYou = "needs_you"
        case stateDirectory = "state_directory"
    }

    static func table(_ entries: [InstanceEntry]) -> Table {
        Table(
            [
                .init("PROJECT", isFlexible: true), .init("STATE"), .init("NEEDS YOU", isRight: true),
                .init("REPOSITORY", isFlexible: true),
            ],
            rows: entries.map { entry in
                let needs = entry.needsYou > 0 ? Text("\(entry.needsYou)", .bad) : Text()
                let state = entry.isHung ? Text("hung", .bad) : Text(entry.state.rawValue)
                return [Text(entry.name, .strong), state, needs, Text(entry.repository)]
            }
        )
    }
}
