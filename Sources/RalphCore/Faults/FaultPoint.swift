/// The named instants of the daemon's work at which a debug build can be made to die, in the order in which they are
/// come to. `chaos/run` kills it at each of them, and fails when one is never come to: a new point needs nothing but its line.
package enum FaultPoint: String, CaseIterable, Sendable {
    case startBegun = "start.begun"
    case startLocked = "start.locked"
    case startHistoryOpened = "start.history-opened"
    case startStoreOpened = "start.store-opened"
    case startInstanceWritten = "start.instance-written"
    case startListening = "start.listening"

    case recoveryLeftoversEnded = "recovery.leftovers-ended"
    case recoveryLandingFound = "recovery.landing-found"
    case recoveryLandingJudged = "recovery.landing-judged"
    case recoveryLandingRecorded = "recovery.landing-recorded"
    case recoveryLandingsDone = "recovery.landings-done"
    case recoveryLoaded = "recovery.loaded"
    case recoveryWorkSalvaged = "recovery.work-salvaged"
    case recoveryIterationClosed = "recovery.iteration-closed"
    case recoveryDone = "recovery.done"

    case prdParsed = "prd.parsed"
    case prdItemsInserted = "prd.items-inserted"
    case prdApplied = "prd.applied"

    case iterationClaimed = "iteration.claimed"
    case iterationBegun = "iteration.begun"
    case baseJudged = "base.judged"
    case workspacePinned = "workspace.pinned"
    case workspacePrepared = "workspace.prepared"
    case workspaceSetUp = "workspace.set-up"
    case promptWritten = "prompt.written"
    case agentStarting = "agent.starting"
    case agentStarted = "agent.started"
    case agentNoted = "agent.noted"
    case agentEnded = "agent.ended"
    case snapshotBegun = "snapshot.begun"
    case snapshotStaged = "snapshot.staged"
    case snapshotTreeWritten = "snapshot.tree-written"
    case snapshotCommitted = "snapshot.committed"
    case snapshotKept = "snapshot.kept"
    case snapshotDiffWritten = "snapshot.diff-written"
    case workNoted = "work.noted"

    case candidateBuilt = "candidate.built"
    case checksBegun = "checks.begun"
    case verifySet = "verify.set"
    case verifySetUp = "verify.set-up"
    case checksRan = "checks.ran"
    case checksNoted = "checks.noted"

    case landingPrepared = "landing.prepared"
    case landingIntended = "landing.intended"
    case landingBegun = "landing.begun"
    case landingObjectsBrought = "landing.objects-brought"
    case landingPinned = "landing.pinned"
    case landingLocked = "landing.locked"
    case landingIndexCopied = "landing.index-copied"
    case landingMerged = "landing.merged"
    case landingIndexPublished = "landing.index-published"
    case landingUnlocked = "landing.unlocked"
    /// In a recovery: the work tree is as it was, the lock stands.
    case landingPutBack = "landing.put-back"
    case landingCarriedOut = "landing.carried-out"

    case endDecided = "end.decided"
    case endWritten = "end.written"
    case endPinDropped = "end.pin-dropped"
    case tickBegun = "tick.begun"
    case tickWritten = "tick.written"
    case tickRenamed = "tick.renamed"

    /// Before and after each transaction of the history.
    case historyWriting = "history.writing"
    case historyWritten = "history.written"

    case stopAsked = "stop.asked"
    case stopEnded = "stop.ended"
}

extension FaultPoint {
    /// Says that this point is reached. Does nothing in a release build, nor unless the environment asks for a fault here.
    ///
    /// - Throws: what a full disk would, if that is the fault.
    package func reached() throws(Failure) {
        #if DEBUG
            try FaultHook.shared?.reached(self)
        #endif
    }

    /// The same where nothing can be refused any more.
    package func passed() {
        #if DEBUG
            try? FaultHook.shared?.reached(self)
        #endif
    }
}
