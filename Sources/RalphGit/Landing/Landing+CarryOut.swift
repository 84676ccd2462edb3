package import RalphCore
import SystemPackage

extension Landing {
    /// Moves the target. When it throws, `recover` is next.
    ///
    /// It has landed when the target *is* the candidate, whatever git's exit code says.
    package func carryOut(_ intent: LandingIntent) throws(Failure) -> LandingResult {
        let result = try move(intent)
        if result != .landed { try finish(intent) }
        return result
    }

    private func move(_ intent: LandingIntent) throws(Failure) -> LandingResult {
        try reached(.begun)
        let changes = try LandingChanges(of: intent.candidate, in: store)
        if let refusal = try lookAgain(at: intent) { return refusal }
        try bring(changes)
        try reached(.objectsBrought)
        try store.update(store.pins, "update \(pin(of: intent)) \(try store.checked(intent.candidate))\n")
        try reached(.pinned)
        guard let checkout = intent.checkout else { return try moveRef(intent) }
        let lock = IndexLock(gitDirectory: checkout.gitDirectory, uuid: intent.uuid)
        if case .held(let reason) = try lock.take() { return .busy(reason) }
        try reached(.locked)
        if let refusal = try lookAgain(at: intent, under: lock) {
            lock.release()
            return refusal
        }
        return try fastForward(intent, changes, checkout, lock)
    }

    /// Objects first: a ref must never name what is not there.
    private func bring(_ changes: LandingChanges) throws(Failure) {
        try ObjectTransfer(
            store: store.command,
            user: userGit,
            storeObjects: store.path.appending("objects"),
            userObjects: repository.objectDirectory
        )
        .bring(changes.objects)
    }

    /// Whether the target is still as the intent says. Under the lock no git command can change that any more.
    private func lookAgain(at intent: LandingIntent, under lock: IndexLock? = nil) throws(Failure)
        -> LandingResult?
    {
        let target: Target
        switch try self.target(intent.target) {
        case .hold(let reason): return .busy(reason)
        case .found(let found): target = found
        }
        if target.tip != intent.expectedTip { return try settle(intent, tip: target.tip) }
        // Back at where it began: by the author's own reset, when the branch was at the candidate once.
        if refs.reflog(of: target.ref, hasOldValue: intent.candidate) { return .thrownAway }
        if let busy = target.busy { return .busy(busy) }
        guard target.checkout == intent.checkout else { return .moved(target.tip) }
        guard let checkout = target.checkout, lock != nil else { return nil }
        if let standing = RefLocks(repository: repository, intent: intent).standing {
            return .busy("\(standing) is there: a git command runs, or one died and left it")
        }
        // A path that changed since the intent could not be told from one that we changed.
        let isAsNoted = intent.paths.allSatisfy { PathStamp(of: $0.path, in: checkout.workTree) == $0 }
        return isAsNoted ? nil : .moved(target.tip)
    }

    /// The target has another tip than the intent expects.
    private func settle(_ intent: LandingIntent, tip: ObjectID) throws(Failure) -> LandingResult {
        switch try evidence(of: intent, tip: tip) {
        case .ancestor, .trailer: return .landed
        case .leftBehind: return try isStillIn(intent, tip: tip) ? .landed : .thrownAway
        case .none: return .moved(tip)
        }
    }

    private func moveRef(_ intent: LandingIntent) throws(Failure) -> LandingResult {
        var git = userGit
        git.settings.append((LeftoverGit.settingKey, intent.uuid))
        let output = try git.run([
            "update-ref", "-m", "ralphd: landing", intent.target, intent.candidate.rawValue,
            intent.expectedTip.rawValue,
        ])
        try reached(.merged)
        let tip = try tip(of: intent)
        if tip == intent.candidate { return .landed }
        return tip == intent.expectedTip ? .busy(output.reason) : try settle(intent, tip: tip)
    }

    private func fastForward(
        _ intent: LandingIntent,
        _ changes: LandingChanges,
        _ checkout: Checkout,
        _ lock: IndexLock
    ) throws(Failure) -> LandingResult {
        try lock.copyIndex()
        try reached(.indexCopied)
        let notes = Landing.overwritten.map { checkout.gitDirectory.appending($0) }
        let before = notes.map { ($0, LandingFile.read($0)) }
        let output = try merge(intent, in: checkout, index: lock.copy)
        try reached(.merged)
        let tip = try tip(of: intent)
        guard try hasMoved(intent, to: tip) else {
            try undo(intent, changes, checkout, lock)
            restore(before)
            lock.release()
            return try diagnose(intent, changes, checkout, tip: tip, output)
        }
        try lock.publish()
        try reached(.indexPublished)
        // Killed in the very end, after the ref had moved.
        if !output.isSuccess {
            RefLocks(repository: repository, intent: intent).removeOurs(since: lock.takenAt)
        }
        restore(before)
        lock.release()
        try reached(.unlocked)
        return .landed
    }

    private func tip(of intent: LandingIntent) throws(Failure) -> ObjectID {
        guard let tip = refs.value(of: intent.target) else {
            throw Failure(
                .git,
                "\(intent.target) went away while \(intent.candidate.short) was landing on it"
            )
        }
        return tip
    }

    /// Whether the ref took the candidate, also if somebody (a push) moved it on at once.
    private func hasMoved(_ intent: LandingIntent, to tip: ObjectID) throws(Failure) -> Bool {
        if tip == intent.candidate || tip == intent.expectedTip { return tip == intent.candidate }
        return try evidence(of: intent, tip: tip) != .none
    }

    /// Fast-forwards with everything switched off that a configuration could make of it.
    private func merge(
        _ intent: LandingIntent,
        in checkout: Checkout,
        index: FilePath
    ) throws(Failure) -> GitOutput {
        var git = git(in: checkout, index: index, for: intent)
        git.settings.append(("merge.verifySignatures", "false"))
        let branch = Target.shortName(of: intent.target)
        // `-c` cannot name a key with an equals sign; the options below win over what matters of it.
        if !branch.contains("=") { git.settings.append(("branch.\(branch).mergeOptions", "")) }
        return try git.run([
            "merge", "--ff-only", "-q", "--no-autostash", "--no-overwrite-ignore", "--no-squash", "--commit",
            "--no-verify-signatures", "--no-stat", intent.candidate.rawValue,
        ])
    }

    /// Files of the user's that every merge overwrites or removes: `cherry-pick -n` leaves a message in one.
    private static let overwritten = ["ORIG_HEAD", "MERGE_MSG", "MERGE_MODE", "MERGE_RR", "AUTO_MERGE"]

    private func restore(_ notes: [(file: FilePath, content: [UInt8]?)]) {
        for (file, content) in notes where LandingFile.read(file) != content {
            guard let content else {
                LandingFile.remove(file)
                continue
            }
            // Not worth failing a landing for.
            try? FileWriting.replace(file, content)
        }
    }

    /// Why git did not land it. Everything is put back already.
    private func diagnose(
        _ intent: LandingIntent,
        _ changes: LandingChanges,
        _ checkout: Checkout,
        tip: ObjectID,
        _ output: GitOutput
    ) throws(Failure) -> LandingResult {
        if tip != intent.expectedTip { return try settle(intent, tip: tip) }
        if let standing = RefLocks(repository: repository, intent: intent).standing {
            return .busy("\(standing) is there: a git command runs, or one died and left it")
        }
        let prdPath = intent.prdPath.map { RepositoryPath($0) }
        let found = try obstacles(changes, in: checkout, tip: tip, prdPath: prdPath)
        return found.map { .inTheWay($0) } ?? .busy("git would not fast-forward: \(output.reason)")
    }
}

extension LandingIntent {
    /// Where the target is checked out.
    var checkout: Checkout? {
        guard let worktree, let gitDirectory else { return nil }
        return Checkout(workTree: FilePath(worktree), gitDirectory: FilePath(gitDirectory))
    }
}
