internal import RalphCore

/// Makes the commits that are to land. Objects in the store only; nothing is moved.
struct CandidateBuilder {
    let store: Store
    let prdPath: RepositoryPath?
    /// Seconds since 1970.
    let time: Int64

    /// How much of a conflicting change is handed out.
    static let largestDiff = 1 << 20

    func candidate(_ request: CandidateRequest) throws(Failure) -> CandidateResult {
        try build(
            change: (request.base, request.work),
            tip: request.tip,
            tick: request.tick,
            message: request.message
        )
    }

    /// A revert is the change from the landed commit to its parent.
    func revert(_ request: RevertRequest) throws(Failure) -> CandidateResult {
        guard let parent = try store.commit(request.landed).parents.first else {
            throw Failure(.git, "\(request.landed.short) is a first commit, and cannot be reverted")
        }
        return try build(
            change: (request.landed, parent),
            tip: request.tip,
            tick: request.tick,
            message: request.message
        )
    }

    private func build(
        change: (from: ObjectID, to: ObjectID),
        tip: ObjectID,
        tick: PRDTick?,
        message: CandidateMessage
    ) throws(Failure) -> CandidateResult {
        let merge = Merge(store: store, prdPath: prdPath, time: time)
        let tipTree = try store.commit(tip).tree
        let tree: ObjectID
        if change.from == tip {
            tree = try withPRD(of: tipTree, in: try store.commit(change.to).tree)
        } else {
            switch try merge.merge(base: change.from, ours: tip, theirs: change.to) {
            case .merged(let merged): tree = merged
            case .conflict(let paths):
                let diff = try store.patch(change.from, change.to, limit: Self.largestDiff)
                return .conflict(paths: paths.map(\.description), diff: diff)
            }
        }
        let ticked = try withTick(tick, in: tree)
        guard ticked != tipTree else { return .nothingToLand }
        let text = Array(CommitMessage(message).text.utf8)
        let commit = try store.writeCommit(tree: ticked, parents: [tip], message: text, time: time)
        return .built(Candidate(commit: commit, parent: tip, treeBeforeTick: tree))
    }

    private func withPRD(of tipTree: ObjectID, in tree: ObjectID) throws(Failure) -> ObjectID {
        guard let prdPath else { return tree }
        return try store.tree(tree, setting: prdPath, to: try store.entry(prdPath, in: tipTree))
    }

    private func withTick(_ tick: PRDTick?, in tree: ObjectID) throws(Failure) -> ObjectID {
        guard let tick else { return tree }
        let blob = try store.writeBlob(tick.content)
        let entry = TreeEntry(mode: tick.mode, name: Array(tick.path.name), id: blob)
        return try store.tree(tree, setting: tick.path, to: entry)
    }
}
