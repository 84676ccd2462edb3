package import RalphCore

/// What tells that a candidate landed.
enum LandingEvidence: Equatable {
    /// The target has the candidate.
    case ancestor
    /// A commit of the target carries the iteration's trailer: rebased or picked.
    case trailer(ObjectID)
    /// The target was at the candidate once, and was moved away from it.
    case leftBehind
    case none
}

extension Landing {
    func evidence(of intent: LandingIntent, tip: ObjectID) throws(Failure) -> LandingEvidence {
        if tip == intent.candidate { return .ancestor }
        let isAncestor = ["merge-base", "--is-ancestor", intent.candidate.rawValue, tip.rawValue]
        // A candidate that is not even in the repository is no ancestor: git exits 128 then, and 1 for a plain no.
        if try userGit.run(isAncestor).isSuccess { return .ancestor }
        if let commit = try trailer(of: intent, tip: tip) { return .trailer(commit) }
        return refs.reflog(of: intent.target, hasOldValue: intent.candidate) ? .leftBehind : .none
    }

    private func trailer(of intent: LandingIntent, tip: ObjectID) throws(Failure) -> ObjectID? {
        let output = try userGit.run([
            "rev-list", "-F", "--grep=Ralph-Iteration: \(intent.uuid)", "--max-count=1",
            "\(intent.expectedTip)..\(tip)",
        ])
        return output.isSuccess && !output.text.isEmpty ? ObjectID(output.text) : nil
    }

    /// Whether the candidate's change is in the target now. True also where later work touched the same lines.
    func isStillIn(_ intent: LandingIntent, tip: ObjectID) throws(Failure) -> Bool {
        try mergingAgain(intent.candidate, on: intent.expectedTip, into: tip, but: intent.prdPath) != .changes
    }

    /// Whether the target has every line of the candidate's change already.
    func hasAll(of intent: LandingIntent, tip: ObjectID) throws(Failure) -> Bool {
        try mergingAgain(intent.candidate, on: intent.expectedTip, into: tip, but: intent.prdPath)
            == .changesNothing
    }

    /// Whether work that landed as `commit` is still in the target: how a box unticked by a revert is known.
    package func standing(
        of commit: ObjectID,
        target ref: String,
        prdPath: RepositoryPath?
    ) throws(Failure) -> Standing {
        guard let tip = refs.value(of: ref) else { return .stillIn }
        let changes = try LandingChanges(of: commit, in: store)
        guard let base = changes.parents.first else { return .stillIn }
        let isReverted = try isReverted(commit, at: tip)
        guard changes.files.contains(where: { $0.path != prdPath?.bytes }) else {
            return isReverted ? .undone : .stillIn
        }
        switch try mergingAgain(commit, on: base, into: tip, but: prdPath?.bytes) {
        case .changes: return .undone
        case .changesNothing: return .stillIn
        case .conflicts: return isReverted ? .undone : .stillIn
        }
    }

    /// Whether a commit since says in git's own words that it reverts this one, and was not reverted in its turn.
    private func isReverted(_ commit: ObjectID, at tip: ObjectID) throws(Failure) -> Bool {
        var subject = commit
        var isReverted = false
        while true {
            let output = try userGit.run([
                "rev-list", "-F", "--grep=This reverts commit \(subject)", "--max-count=1",
                "\(subject)..\(tip)",
            ])
            guard output.isSuccess, !output.text.isEmpty else { return isReverted }
            subject = ObjectID(output.text)
            isReverted.toggle()
        }
    }

    private enum MergingAgain { case changesNothing, changes, conflicts }

    /// Merges a commit's change once more, in the store.
    private func mergingAgain(
        _ commit: ObjectID,
        on base: ObjectID,
        into tip: ObjectID,
        but prdPath: [UInt8]?
    ) throws(Failure) -> MergingAgain {
        let merge = Merge(store: store, prdPath: prdPath.map { RepositoryPath($0) }, time: 0)
        guard case .merged(let tree) = try merge.merge(base: base, ours: tip, theirs: commit) else {
            return .conflicts
        }
        return try tree == store.commit(tip).tree ? .changesNothing : .changes
    }
}
