internal import Glibc
internal import RalphCore
internal import SystemPackage

/// One slot's directory, in which agents work one after the other.
final class Workspace {
    private let slot: Int
    private let store: Store
    private let tree: WorkTree
    private let trash: Trash
    private let prdPath: RepositoryPath?
    private let time: @Sendable () -> Int64

    /// The longest `old.diff`.
    private static let largestDiff = 1 << 20

    init(slot: Int, state: FilePath, store: Store, trash: Trash, configuration: WorkshopConfiguration) {
        self.slot = slot
        self.store = store
        self.trash = trash
        prdPath = configuration.prdPath
        time = configuration.time
        tree = WorkTree(
            state.appending("workspaces").appending("\(slot)"),
            store: store,
            trash: trash,
            patience: configuration.patience
        )
    }

    /// Before the next checkout everything that is not ignored has to be looked for.
    func becomeUntidy() { tree.isTidy = false }

    // MARK: Preparing

    func prepare(
        base: ObjectID,
        kept: KeptWork?,
        notes: WorkspaceNotes,
        rules: WorkspaceRules
    ) throws(Failure) -> PreparedWorkspace {
        let baseTree = try store.commit(base).tree
        if try store.entry(RepositoryPath(".ralphd"), in: baseTree) != nil {
            throw Failure(
                .configuration,
                "the repository tracks .ralphd, which is ralphd's own name: remove it"
            )
        }
        let (start, startTree, oldDiff) = try beginning(
            base: base,
            baseTree: baseTree,
            kept: kept,
            rules: rules
        )
        let isNew = try tree.set(to: startTree)
        tree.isTidy = false
        if let workTree = store.repository.workTree {
            try IncludePattern(from: workTree, to: tree.path).copy(rules.include) { path in
                (try? store.entry(path, in: baseTree)) != nil
            }
        }
        try SmallRepository(store: store, directory: tree.path, trash: trash).rebuild(
            at: base,
            index: tree.index
        )
        try writeNotes(notes, oldDiff: oldDiff)
        return PreparedWorkspace(slot: slot, directory: tree.path, base: base, start: start, isNew: isNew)
    }

    /// What the workspace starts from: the base, or the kept work on it as far as it may still be taken.
    private func beginning(
        base: ObjectID,
        baseTree: ObjectID,
        kept: KeptWork?,
        rules: WorkspaceRules
    ) throws(Failure) -> (PreparedWorkspace.Start, tree: ObjectID, oldDiff: String?) {
        guard let kept, try store.has(kept.commit), try store.has(kept.base) else {
            return (.base, baseTree, nil)
        }
        let keptTree = try store.commit(kept.commit).tree
        var start = PreparedWorkspace.Start.kept
        var startTree = keptTree
        if kept.base != base {
            let merge = Merge(store: store, prdPath: prdPath, time: time())
            switch try merge.merge(base: kept.base, ours: base, theirs: kept.commit) {
            case .merged(let merged): (start, startTree) = (.merged, merged)
            case .conflict(let paths):
                let diff = try store.patch(kept.base, kept.commit, limit: Self.largestDiff)
                return (.conflicted(paths: paths.map(\.description)), baseTree, diff)
            }
        }
        return (start, try withoutForbidden(startTree, baseTree, rules: rules), nil)
    }

    /// Kept work was judged by the rules of its day.
    private func withoutForbidden(
        _ tree: ObjectID,
        _ baseTree: ObjectID,
        rules: WorkspaceRules
    ) throws(Failure) -> ObjectID {
        let names = ProtectedNames(protect: rules.protect, prdPath: prdPath)
        var result = tree
        for path in try store.changedPaths(baseTree, tree) where names.refusal(of: path) != nil {
            result = try store.tree(result, setting: path, to: try store.entry(path, in: baseTree))
        }
        return result
    }

    private func writeNotes(_ notes: WorkspaceNotes, oldDiff: String?) throws(Failure) {
        let own = tree.path.appending(".ralphd")
        try trash.discard(own)
        for path in [own, own.appending("outbox")] {
            guard mkdir(path.string, 0o755) == 0 else { throw FileWriting.failure("create", path) }
        }
        try FileWriting.create(own.appending("prd.md"), notes.prd, mode: 0o444)
        if let feedback = notes.feedback, !feedback.isEmpty {
            try FileWriting.create(own.appending("feedback.md"), feedback.utf8)
        }
        if let author = notes.author {
            try FileWriting.create(own.appending("author.md"), author.utf8)
        }
        if let oldDiff { try FileWriting.create(own.appending("old.diff"), oldDiff.utf8) }
    }

    /// Sets the directory ahead of its next use to what that will most likely begin with. Nothing hangs on it: what cannot be
    /// done now is done, or fails, then.
    func makeReady(for commit: ObjectID) throws(Failure) {
        guard tree.isTidy, tree.directory.isOurs else { return }
        _ = try tree.set(to: try store.commit(commit).tree)
    }

    // MARK: After the agent

    func outbox() -> Outbox { tree.directory.isOurs ? Outbox.read(in: tree.path) : Outbox() }

    func snapshot(_ request: SnapshotRequest) throws(Failure) -> Snapshot {
        guard tree.directory.isOurs, PathStatus(at: tree.index) != nil else {
            return try lost(request)
        }
        tree.isTidy = false
        do {
            return try take(request)
        } catch {
            // An index that names objects which are not there would fail for ever.
            unlink(tree.index.string)
            throw error
        }
    }

    private func take(_ request: SnapshotRequest) throws(Failure) -> Snapshot {
        tree.command.removeStaleLock()
        let listing = try tree.flawless(["ls-files", "-t", "-z", "-o", "-m", "-d", "--exclude-standard"])
        let index = try IndexFile(tree.index, objectFormat: store.repository.objectFormat)
        let names = ProtectedNames(protect: request.rules.protect, prdPath: prdPath)
        var judge = Judge(root: tree.path, index: index, names: names)
        var verdict = judge.judge(listing.fields)
        try putBackAttributes(verdict.refused, index)
        let staging = Staging(tree: tree)
        let start = tree.indexTree.map { ($0, index) }
        verdict.refused += try staging.stage(removed: verdict.removed, added: verdict.added)
        try FaultPoint.snapshotStaged.reached()
        let base = try store.commit(request.base)
        let result = try staging.writeTree(from: start, paths: verdict.removed + verdict.added)
        try FaultPoint.snapshotTreeWritten.reached()
        var commit = request.base
        if result != base.tree {
            let message = Array("Work of iteration \(request.iteration)\n".utf8)
            commit = try store.writeCommit(
                tree: result,
                parents: [request.base],
                message: message,
                time: time()
            )
            try FaultPoint.snapshotCommitted.reached()
            try store.keep(commit, of: request.iteration)
            try FaultPoint.snapshotKept.reached()
        }
        var paths = (verdict.removed + verdict.added).map { RepositoryPath($0) }
        if request.kept != nil { paths = try store.changedPaths(request.base, commit) }
        tree.isTidy = verdict.refused.isEmpty
        return Snapshot(
            slot: slot,
            iteration: request.iteration,
            base: request.base,
            tree: result,
            commit: commit,
            refused: verdict.refused,
            paths: paths
        )
    }

    /// The directory is gone or is another: there is no work to take beside what was kept before.
    private func lost(_ request: SnapshotRequest) throws(Failure) -> Snapshot {
        tree.isTidy = false
        let base = request.kept?.base ?? request.base
        let commit = request.kept?.commit ?? request.base
        return Snapshot(
            slot: slot,
            iteration: request.iteration,
            base: base,
            tree: try store.commit(commit).tree,
            commit: commit,
            refused: [Refusal(RepositoryPath("."), .workspaceGone)],
            paths: try store.changedPaths(base, commit),
            isLost: true
        )
    }

    /// Attribute files that are not taken must not say either how the others are read.
    private func putBackAttributes(_ refused: [Refusal], _ index: IndexFile) throws(Failure) {
        let attributes = refused.map(\.path).filter { $0.name.elementsEqual(".gitattributes".utf8) }
        guard !attributes.isEmpty else { return }
        for path in attributes { FileTree.remove(tree.path.appending(bytes: path.bytes)) }
        let tracked = attributes.filter { index[$0.bytes[...]] != nil }
        guard !tracked.isEmpty else { return }
        let input: [UInt8] = tracked.flatMap { $0.bytes + [0] }
        _ = try tree.command.demand(["checkout-index", "-f", "-z", "--stdin"], input: input)
    }

    /// New files that an ignore rule hides, and directories of such files.
    func hiddenFiles() throws(Failure) -> [String] {
        guard let start = BirthTime.of(tree.path.appending(".ralphd")) else { return [] }
        let arguments = [
            "ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory", "--no-empty-directory",
        ]
        var hidden: [String] = []
        for field in try tree.flawless(arguments).fields where hidden.count < Self.mostHidden {
            guard !field.starts(with: ".ralphd/".utf8) else { continue }
            let path = field.last == UInt8(ascii: "/") ? field.dropLast() : field
            guard let birth = BirthTime.of(tree.path.appending(bytes: Array(path))), birth > start else {
                continue
            }
            hidden.append(RepositoryPath(field).description)
        }
        return hidden
    }

    private static let mostHidden = 20
}
