package import RalphCore

package import struct SystemPackage.FilePath

/// Everything that touches the user's own repository: choosing the target, moving it to a candidate, and finding out afterwards
/// what became of it. Blocking; the `GitWorkshop` actor owns it.
///
/// The order is: `prepare`, store the intent, `carryOut`, store the row, `finish`. A `carryOut` that throws, or a daemon that
/// died, leaves an open intent: `recover` it before the PRD is read.
package struct Landing: Sendable {
    /// The user's repository.
    package var repository: LandingRepository
    /// `<state>/store.git`, which has the candidate's objects.
    package var store: FilePath
    /// Names our refs: `refs/ralph/<project>/…`.
    package var project: String

    package init(repository: LandingRepository, store: FilePath, project: String) {
        self.repository = repository
        self.store = store
        self.project = project
    }

    /// Which branch the project lands on: `branch:`, else the one checked out now. Asked once, at the first start.
    package func chooseTarget(branch: String?) throws(Failure) -> TargetChoice { throw Landing.notBuilt }

    /// The target as it is now. `ref` is a full name.
    package func target(_ ref: String) throws(Failure) -> TargetLookup { throw Landing.notBuilt }

    /// Whether the tick may go into the landed commit.
    package func tickPlan(prd: FilePath, target: Target) throws(Failure) -> TickPlan {
        throw Landing.notBuilt
    }

    /// Looks whether the request could land, and notes what the landing is going to touch. Writes nothing.
    package func prepare(_ request: LandingRequest) throws(Failure) -> LandingPreparation {
        throw Landing.notBuilt
    }

    /// What is in the way of the request now; nil when nothing is. For trying again when the files change.
    package func obstacles(to request: LandingRequest) throws(Failure) -> Obstacles? {
        throw Landing.notBuilt
    }

    /// Moves the target. When it throws, `recover` is next.
    package func carryOut(_ intent: LandingIntent) throws(Failure) -> LandingResult { throw Landing.notBuilt }

    /// What became of a landing that was interrupted; puts everything in order first.
    package func recover(_ intent: LandingIntent) throws(Failure) -> LandingRecovery {
        throw Landing.notBuilt
    }

    /// Drops the candidate's pin, once the row says how it ended.
    package func finish(_ intent: LandingIntent) throws(Failure) { throw Landing.notBuilt }

    /// Whether work that landed as `commit` is still in the target: how a box unticked by a revert is known.
    package func standing(
        of commit: ObjectID,
        target: String,
        prdPath: [UInt8]?
    ) throws(Failure) -> Standing { throw Landing.notBuilt }

    private static let notBuilt = Failure(.internalError, "landing is not built yet")
}

/// Where the user's repository is.
package struct LandingRepository: Equatable, Sendable {
    /// What all worktrees share: refs, objects, configuration.
    package var commonDirectory: FilePath
    /// The git directory of `workTree`; the common one, unless the project lives in a linked worktree.
    package var gitDirectory: FilePath
    /// Nil when the repository is bare.
    package var workTree: FilePath?

    package init(commonDirectory: FilePath, gitDirectory: FilePath, workTree: FilePath?) {
        self.commonDirectory = commonDirectory
        self.gitDirectory = gitDirectory
        self.workTree = workTree
    }
}
