package import RalphCore
import RalphProcess

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
        let changes = try LandingChanges(of: commit, git: userGit)
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

    /// Merges a commit's change once more, in the store. Both sides get `base` as their only parent, or commits that the user
    /// dropped would come back.
    private func mergingAgain(
        _ commit: ObjectID,
        on base: ObjectID,
        into tip: ObjectID,
        but prdPath: [UInt8]?
    ) throws(Failure) -> MergingAgain {
        let ours = try storeGit.demand(["commit-tree", "\(tip)^{tree}", "-p", base.rawValue, "-m", "compare"])
            .text
        let theirs = try storeGit.demand([
            "commit-tree", "\(commit)^{tree}", "-p", base.rawValue, "-m", "compare",
        ]).text
        let merged = try storeGit.run([
            "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs,
        ])
        guard merged.ending == .exited(0) || merged.ending == .exited(1), let tree = merged.fields.first
        else {
            throw Failure(.git, "cannot compare \(commit.short) with \(tip.short): \(merged.reason)")
        }
        if merged.fields.dropFirst().contains(where: { Array($0) != prdPath }) { return .conflicts }
        let differing = try storeGit.demand([
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", "\(tip)^{tree}",
            String(decoding: tree, as: UTF8.self),
        ])
        return differing.fields.contains { Array($0) != prdPath } ? .changes : .changesNothing
    }
}
