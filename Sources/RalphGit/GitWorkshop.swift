package import RalphCore
package import SystemPackage

/// All of git that an iteration needs: a place for the agent to work in, what it made of it, the commit made of that,
/// and a place to check the commit in. Moving the target is `Landing`.
///
/// Its calls block, so it runs on a thread of its own; calls for several slots take their turns.
package actor GitWorkshop {
    package nonisolated let repository: UserRepository
    package nonisolated let configuration: WorkshopConfiguration
    /// What `GIT_CEILING_DIRECTORIES` has to be for agents, set-up and checks: a `git` that they run finds no repository
    /// around the state directory.
    package nonisolated let ceilingDirectories: String
    /// What an agent may read beside its workspace for its own `git log` to work: object directories.
    package nonisolated let readablePaths: [FilePath]
    private let executor = BlockingExecutor(label: "ralphd.git")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens or makes the store in the state directory. Nothing of an earlier life is running when this is called.
    package init(_ repository: UserRepository, _ configuration: WorkshopConfiguration) throws(Failure) {
        throw Self.notBuilt
    }

    // MARK: Reading

    /// The names at the top of a commit's tree, for inferring checks.
    package func topLevel(of commit: ObjectID) throws(Failure) -> [RepositoryPath] { throw Self.notBuilt }

    /// A file's bytes at a commit; nil if it is not there or no regular file.
    package func file(_ path: RepositoryPath, at commit: ObjectID) throws(Failure) -> [UInt8]? {
        throw Self.notBuilt
    }

    /// The paths that differ between two commits or trees.
    package func changedPaths(_ old: ObjectID, _ new: ObjectID) throws(Failure) -> [RepositoryPath] {
        throw Self.notBuilt
    }

    /// A commit's change against its first parent as a patch, at most `limit` bytes of it: for `ralphctl diff`.
    package func diff(of commit: ObjectID, limit: Int) throws(Failure) -> String { throw Self.notBuilt }

    // MARK: An iteration, in this order

    /// Sets a slot's workspace to a base, with the kept work on top as uncommitted changes.
    ///
    /// Pins the base in the person's repository, so that nothing they do makes it go away.
    package func prepare(
        slot: Int,
        base: ObjectID,
        kept: KeptWork?,
        notes: WorkspaceNotes,
        rules: WorkspaceRules
    ) throws(Failure) -> PreparedWorkspace { throw Self.notBuilt }

    /// What the agent left in `.ralphd/outbox/`, read as untrusted.
    package func outbox(slot: Int) throws(Failure) -> Outbox { throw Self.notBuilt }

    /// Judges what changed in a workspace, and keeps what may be taken as a commit of the iteration. Nothing of the
    /// iteration may still be running.
    package func snapshot(slot: Int, iteration: IterationID) throws(Failure) -> Snapshot {
        throw Self.notBuilt
    }

    /// The row for the snapshot's work, with its size counted; nil for an empty one.
    package func keptWork(of snapshot: Snapshot) throws(Failure) -> KeptWork? { throw Self.notBuilt }

    /// New files since the workspace was prepared that `.gitignore` hides, at most 20.
    package func hiddenFiles(slot: Int) throws(Failure) -> [String] { throw Self.notBuilt }

    /// Builds the commit that is to land, on the target's tip; nothing is moved.
    package func candidate(_ request: CandidateRequest) throws(Failure) -> CandidateResult {
        throw Self.notBuilt
    }

    /// A commit that reverts a landed one on the tip, all but the PRD: for `undo`, and then like any candidate.
    package func revert(_ request: RevertRequest) throws(Failure) -> CandidateResult { throw Self.notBuilt }

    /// Sets the directory that checks run in to exactly a commit, a candidate or a base. `isClean` makes it anew
    /// (`verify: clean`), so that no ignored file is left of any earlier run.
    package func setVerify(to commit: ObjectID, isClean: Bool, rules: WorkspaceRules) throws(Failure)
        -> VerifyDirectory.Place
    { throw Self.notBuilt }

    /// Says that the ignored files now in the verify directory are good: after set-up ran there, and after a landing.
    package func trustVerifyLeftovers() throws(Failure) { throw Self.notBuilt }

    /// Removes the ignored files that a run which did not land made or changed in the verify directory. True if any
    /// were: set-up has to run there again before the next checks.
    package func dropVerifyLeftovers() throws(Failure) -> Bool { throw Self.notBuilt }

    // MARK: Housekeeping

    /// Forgets kept work: 14 days after its item landed or was withdrawn, or for `retry --fresh`.
    package func forget(_ iterations: [IterationID]) throws(Failure) { throw Self.notBuilt }

    /// Removes the pins of bases that nothing is built on any more.
    package func unpin(allBut bases: [ObjectID]) throws(Failure) { throw Self.notBuilt }

    /// Ends the long-lived git processes; the next call starts them again. Call when the project idles.
    package func rest() {}

    private static let notBuilt = Failure(.internalError, "the workshop is not built yet")
}
