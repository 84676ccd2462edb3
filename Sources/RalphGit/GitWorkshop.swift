package import RalphCore
package import SystemPackage

/// All of git that an iteration needs: a place for the agent to work in, what it made of it, the commit made of that,
/// and a place to check the commit in. Moving the target is `Landing`.
///
/// Its calls block, so it runs on a thread of its own; calls for several slots take their turns.
package actor GitWorkshop {
    package nonisolated let repository: UserRepository
    package nonisolated let configuration: WorkshopConfiguration
    /// `<state>/store.git`
    package nonisolated let storePath: FilePath
    let store: Store
    private let trash: Trash
    private let verify: VerifyDirectory
    private var fingerprints = Fingerprints()
    private var workspaces: [Int: Workspace] = [:]
    private nonisolated let executor = BlockingExecutor(label: "ralphd.git")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens or makes the store in the state directory. Nothing of an earlier life is running when this is called.
    package init(_ repository: UserRepository, _ configuration: WorkshopConfiguration) throws(Failure) {
        let state = try StateDirectory.resolve(configuration.state)
        self.repository = repository
        self.configuration = configuration
        store = try Store(state: state, repository: repository, project: configuration.project)
        storePath = store.path
        trash = try Trash(in: state)
        verify = VerifyDirectory(state: state, store: store, trash: trash, patience: configuration.patience)
        trash.sweep()
    }

    /// What `GIT_CEILING_DIRECTORIES` has to be for agents, set-up and checks: a `git` that they run finds no repository
    /// around the state directory.
    package nonisolated var ceilingDirectories: String {
        let state = storePath.removingLastComponent()
        return "\(state.appending("workspaces")):\(state)"
    }

    /// Object directories that `git log` in a workspace reads: a sandbox shows them, read-only.
    package nonisolated var readablePaths: [FilePath] {
        [repository.objectDirectory, storePath.appending("objects")]
    }

    // MARK: Reading

    /// The names at the top of a commit's tree, for inferring checks.
    package func topLevel(of commit: ObjectID) throws(Failure) -> [RepositoryPath] {
        try store.tree(try store.commit(commit).tree).entries.map { RepositoryPath($0.name) }
    }

    /// A file's bytes at a commit; nil if it is not there or no regular file.
    package func file(_ path: RepositoryPath, at commit: ObjectID) throws(Failure) -> [UInt8]? {
        guard let entry = try store.entry(path, in: try store.commit(commit).tree), entry.isFile else {
            return nil
        }
        return try store.bytes(of: entry.id, type: "blob")
    }

    /// The paths that differ between two commits or trees.
    package func changedPaths(_ old: ObjectID, _ new: ObjectID) throws(Failure) -> [RepositoryPath] {
        try store.changedPaths(old, new)
    }

    /// A commit's change against its first parent as a patch, at most `limit` bytes of it: for `ralphctl diff`.
    package func diff(of commit: ObjectID, limit: Int = 4 << 20) throws(Failure) -> String {
        guard let parent = try store.commit(commit).parents.first else {
            return try store.patch(try store.emptyTree(), commit, limit: limit)
        }
        return try store.patch(parent, commit, limit: limit)
    }

    /// A value that changes when one of the files that match does: for `setup-inputs`.
    package func fingerprint(matching globs: [String], at commit: ObjectID) throws(Failure) -> String {
        let tree = try store.commit(commit).tree
        return try fingerprints.fingerprint(of: tree, matching: globs, in: store)
    }

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
    ) throws(Failure) -> PreparedWorkspace {
        try refresh(rules)
        try store.pin(base)
        try FaultPoint.workspacePinned.reached()
        return try workspace(slot).prepare(base: base, kept: kept, notes: notes, rules: rules)
    }

    /// What the agent left in `.ralphd/outbox/`, read as untrusted.
    package func outbox(slot: Int) -> Outbox { workspace(slot).outbox() }

    /// Judges what changed in a workspace, and keeps what may be taken as a commit of the iteration. Nothing of the
    /// iteration may still be running. After a crash it may be asked again.
    package func snapshot(_ request: SnapshotRequest) throws(Failure) -> Snapshot {
        try workspace(request.slot).snapshot(request)
    }

    /// The row for the snapshot's work, with its size counted; nil for an empty one.
    package func keptWork(of snapshot: Snapshot) throws(Failure) -> KeptWork? {
        try keptWork(of: snapshot, diffLimit: 0)?.kept
    }

    /// The same with the work as a patch, at most `diffLimit` bytes of it, for the price of one.
    package func keptWork(
        of snapshot: Snapshot,
        diffLimit: Int
    ) throws(Failure) -> (kept: KeptWork, diff: String)? {
        guard !snapshot.isEmpty else { return nil }
        let (size, diff) = try store.sizedPatch(snapshot.base, snapshot.commit, limit: diffLimit)
        let kept = KeptWork(
            commit: snapshot.commit,
            base: snapshot.base,
            filesChanged: size.files,
            insertions: size.insertions,
            deletions: size.deletions
        )
        return (kept, diff)
    }

    /// Sets a slot's workspace, whose work is kept, to what its next iteration most likely begins with: for the time in which checks
    /// run. It saves `prepare` the work, and has no other effect.
    package func makeReady(slot: Int, for commit: ObjectID) {
        try? workspace(slot).makeReady(for: commit)
    }

    /// New files since the workspace was prepared that an ignore rule hides, at most 20.
    package func hiddenFiles(slot: Int) throws(Failure) -> [String] { try workspace(slot).hiddenFiles() }

    /// Builds the commit that is to land, on the target's tip; nothing is moved.
    package func candidate(_ request: CandidateRequest) throws(Failure) -> CandidateResult {
        try builder.candidate(request)
    }

    /// A commit that reverts a landed one on the tip, all but the PRD: for `undo`, and then like any candidate.
    package func revert(_ request: RevertRequest) throws(Failure) -> CandidateResult {
        try builder.revert(request)
    }

    /// Sets the directory that checks run in to exactly a commit, a candidate or a base. `isClean` makes it anew
    /// (`verify: clean`), so that no ignored file is left of any earlier run.
    package func setVerify(
        to commit: ObjectID,
        isClean: Bool,
        rules: WorkspaceRules
    ) throws(Failure) -> VerifyDirectory.Place {
        try refresh(rules)
        return try verify.set(to: commit, isClean: isClean, include: rules.include)
    }

    /// Says that the ignored files now in the verify directory are good: after set-up ran there, and after a landing.
    package func trustVerifyLeftovers() throws(Failure) { try verify.trustLeftovers() }

    /// Removes the ignored files that a run which did not land made or changed in the verify directory. True if there
    /// were any: the next `setVerify` then says that set-up has to run.
    @discardableResult
    package func dropVerifyLeftovers() throws(Failure) -> Bool { try verify.dropLeftovers() }

    // MARK: Housekeeping

    /// Forgets kept work: 14 days after its item landed or was withdrawn, or for `retry --fresh`.
    package func forget(_ iterations: [IterationID]) throws(Failure) { try store.forget(iterations) }

    /// Removes the pins of bases that nothing is built on any more.
    package func unpin(allBut bases: [ObjectID]) throws(Failure) { try store.unpin(allBut: bases) }

    /// Iterations whose work is kept.
    package func keptIterations() throws(Failure) -> [IterationID] { try store.keptIterations() }

    /// Packs what the store has gathered, if that is much, and removes what nothing has referred to for two weeks. Beside
    /// everything else: git allows for that. Cancelling the task ends it.
    /// - Parameter mark: by which its processes are known.
    package nonisolated func compact(mark: String) async { await StoreCompaction(self).run(mark: mark) }

    /// Ends the long-lived git processes; the next call starts them again. Call when the project idles.
    package func rest() { store.rest() }

    private var builder: CandidateBuilder {
        CandidateBuilder(store: store, prdPath: configuration.prdPath, time: configuration.time())
    }

    private func workspace(_ slot: Int) -> Workspace {
        if let workspace = workspaces[slot] { return workspace }
        let made = Workspace(
            slot: slot,
            state: storePath.removingLastComponent(),
            store: store,
            trash: trash,
            configuration: configuration
        )
        workspaces[slot] = made
        return made
    }

    private func refresh(_ rules: WorkspaceRules) throws(Failure) {
        guard try store.refresh(include: rules.include) else { return }
        for workspace in workspaces.values { workspace.becomeUntidy() }
    }
}
