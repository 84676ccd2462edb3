package import RalphCore

/// The box of the landed item, ticked in the commit that does its work.
package struct PRDTick: Equatable, Sendable {
    package var path: RepositoryPath
    /// `100644` or `100755`, as the tip has it.
    package var mode: String
    /// The whole new PRD: the tip's with the one byte changed.
    package var content: [UInt8]

    package init(path: RepositoryPath, mode: String, content: [UInt8]) {
        self.path = path
        self.mode = mode
        self.content = content
    }
}

/// What the candidate's message says. Authors' and agents' text: made inert when the message is written.
package struct CandidateMessage: Equatable, Sendable {
    package var title: String
    package var summary: String?
    package var item: String
    /// The iteration's UUID, by which its landing is found again.
    package var iteration: String
    /// `claude:opus`
    package var agent: String

    package init(title: String, summary: String?, item: String, iteration: String, agent: String) {
        self.title = title
        self.summary = summary
        self.item = item
        self.iteration = iteration
        self.agent = agent
    }
}

/// Asks for the commit that is to land.
package struct CandidateRequest: Equatable, Sendable {
    /// The commit that the work was made on.
    package var base: ObjectID
    /// The work: a snapshot's commit, or `KeptWork.commit`. The base itself for a tick alone.
    package var work: ObjectID
    /// The target's tip, the candidate's parent.
    package var tip: ObjectID
    package var tick: PRDTick?
    package var message: CandidateMessage

    package init(base: ObjectID, work: ObjectID, tip: ObjectID, tick: PRDTick?, message: CandidateMessage) {
        self.base = base
        self.work = work
        self.tip = tip
        self.tick = tick
        self.message = message
    }
}

/// Asks for a commit that takes a landed one back.
package struct RevertRequest: Equatable, Sendable {
    package var landed: ObjectID
    package var tip: ObjectID
    /// The PRD with the boxes open again, where it is tracked.
    package var tick: PRDTick?
    package var message: CandidateMessage

    package init(landed: ObjectID, tip: ObjectID, tick: PRDTick?, message: CandidateMessage) {
        self.landed = landed
        self.tip = tip
        self.tick = tick
        self.message = message
    }
}

/// A commit that is to land once its checks are green.
package struct Candidate: Equatable, Sendable {
    package var commit: ObjectID
    /// The tip that it was built on.
    package var parent: ObjectID
    /// The tree that receipts go by: without the tick.
    package var treeBeforeTick: ObjectID
}

package enum CandidateResult: Equatable, Sendable {
    case built(Candidate)
    /// The tip has all of it already, and there is no tick to commit: nothing to land.
    case nothingToLand
    /// The tip moved, and the work does not merge with it.
    case conflict(paths: [String], diff: String)
}
