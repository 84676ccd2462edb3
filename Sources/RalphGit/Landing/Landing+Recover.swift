package import RalphCore
import SystemPackage

extension Landing {
    /// What became of a landing that was interrupted; puts everything in order first. May be repeated.
    package func recover(_ intent: LandingIntent) throws(Failure) -> LandingRecovery {
        let recovery = try find(intent)
        if recovery == .notLanded { try finish(intent) }
        return recovery
    }

    private func find(_ intent: LandingIntent) throws(Failure) -> LandingRecovery {
        if let process = LeftoverGit.wait(for: intent.uuid, at: leftoverPatience, unless: isStopping) {
            return .undecidable(
                "git of an earlier life still runs, as process \(process): wait for it, or end it"
            )
        }
        guard let tip = refs.value(of: intent.target) else {
            if let checkout = intent.checkout {
                IndexLock(gitDirectory: checkout.gitDirectory, uuid: intent.uuid).release()
            }
            let branch = Target.shortName(of: intent.target)
            return .undecidable(
                "\(branch) is gone, and \(intent.candidate.short) was landing on it: create it again, or set branch:"
            )
        }
        let evidence = try evidence(of: intent, tip: tip)
        if let reason = try tidy(intent, evidence, tip) { return .undecidable(reason) }
        return try verdict(on: intent, evidence, tip)
    }

    private func verdict(
        on intent: LandingIntent,
        _ evidence: LandingEvidence,
        _ tip: ObjectID
    ) throws(Failure) -> LandingRecovery {
        let isBeside = intent.tick == .beside
        switch evidence {
        case .ancestor:
            guard isBeside, tip != intent.candidate else {
                return .landed(commit: intent.candidate, isTickOwed: isBeside)
            }
            return .landed(commit: intent.candidate, isTickOwed: try isStillIn(intent, tip: tip))
        case .trailer(let commit):
            return try isStillIn(intent, tip: tip)
                ? .landed(commit: commit, isTickOwed: isBeside) : .thrownAway
        case .leftBehind:
            return try isStillIn(intent, tip: tip) ? .landed(commit: tip, isTickOwed: isBeside) : .thrownAway
        case .none:
            return try isThereByOthers(intent, tip) ? .landed(commit: nil, isTickOwed: true) : .notLanded
        }
    }

    /// Whether somebody else's commits brought the very same change.
    private func isThereByOthers(_ intent: LandingIntent, _ tip: ObjectID) throws(Failure) -> Bool {
        guard tip != intent.expectedTip else { return false }
        let changes = try LandingChanges(of: intent.candidate, in: store)
        guard changes.files.contains(where: { $0.path != intent.prdPath }) else { return false }
        return try hasAll(of: intent, tip: tip)
    }

    /// Puts the checkout in order, so that nothing of the landing is left half done. Returns why it cannot.
    private func tidy(
        _ intent: LandingIntent,
        _ evidence: LandingEvidence,
        _ tip: ObjectID
    ) throws(Failure) -> String? {
        guard let checkout = intent.checkout else {
            let pin = repository.commonDirectory.appending(pin(of: intent))
            RefLocks(repository: repository, intent: intent).removeOurs(since: PathStatus(at: pin)?.changed)
            return nil
        }
        let lock = IndexLock(gitDirectory: checkout.gitDirectory, uuid: intent.uuid)
        guard lock.hasLeftovers else { return nil }
        guard PathStatus(at: checkout.workTree) != nil else {
            // On a disk that comes back, or gone for good: git lets its owner say so.
            let isLocked = PathStatus(at: checkout.gitDirectory.appending("locked")) != nil
            if isLocked { return "\(checkout.workTree) is not there now, and a landing in it is unfinished" }
            lock.release()
            return nil
        }
        let wasOurs = lock.isOurs
        if case .held(let reason) = try lock.take() { return reason }
        switch evidence {
        case .ancestor, .trailer: try finishIndex(intent, checkout, lock)
        case .leftBehind: break
        case .none:
            // Without our lock the user's own commands may have gone over it: what they left stays, unless it is plainly ours.
            let changes = try LandingChanges(of: intent.candidate, in: store)
            try undo(intent, changes, checkout, lock)
        }
        if wasOurs { RefLocks(repository: repository, intent: intent).removeOurs(since: lock.takenAt) }
        lock.release()
        return nil
    }

    /// The ref moved and the work tree is the candidate's; the index may still be the old one.
    private func finishIndex(_ intent: LandingIntent, _ checkout: Checkout, _ lock: IndexLock) throws(Failure)
    {
        try lock.copyIndex()
        let git = git(in: checkout, index: lock.copy, for: intent)
        let update = try git.run([
            "read-tree", "-i", "-m", intent.expectedTip.rawValue, intent.candidate.rawValue,
        ])
        // Refused where the user's index has something else of a changed path: then it is theirs.
        guard update.isSuccess else { return }
        _ = try git.run(["update-index", "-q", "--refresh"])
        try lock.publish()
    }
}
