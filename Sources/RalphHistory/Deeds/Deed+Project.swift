internal import GRDB
internal import RalphCore

extension Deed {
    mutating func save(project: ProjectRecord) throws {
        let before = try ProjectRecord.fetchOne(db, "WHERE id = 1")
        try project.upsert(db)
        if before.map(ProjectFace.init) != ProjectFace(project) {
            try tell(.projectChanged, ["state": project.state.rawValue, "reason": project.reason])
        }
        if before?.prdReadAt?.milliseconds != project.prdReadAt?.milliseconds
            || before?.prdProblems != project.prdProblems
        {
            try tell(.prdRead, ["problems": String(project.prdProblems.count)])
        }
    }

    mutating func save(agents: [AgentRecord]) throws {
        for agent in agents {
            let before = try AgentRecord.fetchOne(db, "WHERE name = ?", [agent.name])
            try agent.upsert(db)
            guard before?.state != agent.state || before?.until?.milliseconds != agent.until?.milliseconds
            else {
                continue
            }
            try tell(.agentChanged, ["name": agent.name, "state": agent.state.rawValue])
        }
    }

    /// What of the project is worth an event.
    fileprivate struct ProjectFace: Equatable {
        var state: ProjectState
        var reason: String?
        var until: Int64?
        var isPaused: Bool
        var hold: Hold.Kind?
        var holdMessage: String?
        var target: String?

        init(_ project: ProjectRecord) {
            state = project.state
            reason = project.reason
            until = project.until?.milliseconds
            isPaused = project.isPaused
            hold = project.hold?.kind
            holdMessage = project.hold?.message
            target = project.target
        }
    }
}
