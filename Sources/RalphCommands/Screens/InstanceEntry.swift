import RalphCore

/// A line of `ralphctl ls`.
struct InstanceEntry: Encodable, Equatable {
    var name: String
    var state: ProjectState
    var needsYou: Int
    var repository: String
    var prd: String
    var stateDirectory: String
    var socket: String

    private enum CodingKeys: String, CodingKey {
        case name, state, repository, prd, socket
        case needsYou = "needs_you"
        case stateDirectory = "state_directory"
    }

    static func table(_ entries: [InstanceEntry]) -> Table {
        Table(
            [
                .init("PROJECT"), .init("STATE"), .init("NEEDS YOU", isRight: true),
                .init("REPOSITORY", isFlexible: true),
            ],
            rows: entries.map { entry in
                let needs = entry.needsYou > 0 ? Text("\(entry.needsYou)", .bad) : Text()
                return [Text(entry.name, .strong), Text(entry.state.rawValue), needs, Text(entry.repository)]
            }
        )
    }
}
