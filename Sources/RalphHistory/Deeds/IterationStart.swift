package import RalphCore

/// What has to be known before an iteration begins; its number, ordinal and log directory are the history's to give.
package struct IterationStart: Sendable {
    package var item: ItemID
    package var uuid: String
    package var agent: AgentChoice
    /// Full ref name.
    package var target: String
    package var base: ObjectID
    /// Put by before the agent starts.
    package var reserved = Ceiling()

    package init(item: ItemID, uuid: String, agent: AgentChoice, target: String, base: ObjectID) {
        self.item = item
        self.uuid = uuid
        self.agent = agent
        self.target = target
        self.base = base
    }
}

/// All that the end of an iteration changes, written as one.
package struct IterationEnd: Sendable {
    /// With its outcome. Without an `endedAt` the end is now.
    package var iteration: IterationRecord
    /// The iteration's item, and whichever others change with it.
    package var items: [ItemRecord]
    package var agents: [AgentRecord] = []
    package var project: ProjectRecord?
    /// What the agent asks the author.
    package var question: String?
    /// What the agent left for later iterations.
    package var learning: String?

    package init(iteration: IterationRecord, items: [ItemRecord]) {
        self.iteration = iteration
        self.items = items
    }
}
