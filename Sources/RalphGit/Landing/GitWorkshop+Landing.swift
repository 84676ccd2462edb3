package import RalphCore
package import SystemPackage

/// Landing, in its turn with the workshop's other calls. What each does, and in which order they come, is told at `Landing`.
extension GitWorkshop {
    package func chooseTarget(branch: String?) throws(Failure) -> TargetChoice {
        try landing.chooseTarget(branch: branch)
    }

    package func target(_ ref: String) throws(Failure) -> TargetLookup { try landing.target(ref) }

    package func prdObstacle(_ prd: FilePath, target ref: String) throws(Failure) -> String? {
        try landing.prdObstacle(prd, target: ref)
    }

    /// Of the checkout that the PRD lies in; nil when it lies in none.
    package func prdStand(_ prd: FilePath) -> CheckoutStand? {
        landing.home(of: prd).map { CheckoutStand($0.checkout.gitDirectory) }
    }

    package func isAsGitWrote(_ file: FilePath) throws(Failure) -> Bool { try landing.isAsGitWrote(file) }

    package func tickPlan(prd: FilePath, target: Target) throws(Failure) -> TickPlan {
        try landing.tickPlan(prd: prd, target: target)
    }

    package func prepareLanding(_ request: LandingRequest) throws(Failure) -> LandingPreparation {
        try landing.prepare(request)
    }

    package func obstacles(to request: LandingRequest) throws(Failure) -> Obstacles? {
        try landing.obstacles(to: request)
    }

    package func carryOut(_ intent: LandingIntent) throws(Failure) -> LandingResult {
        try landing.carryOut(intent)
    }

    package func recoverLanding(_ intent: LandingIntent) throws(Failure) -> LandingRecovery {
        try landing.recover(intent)
    }

    /// Drops what a daemon that died between its row and this left: the pins of all landings but the open ones.
    package func finishLandings(allBut open: [IterationID]) throws(Failure) {
        try landing.finish(allBut: open)
    }

    package func finishLanding(_ intent: LandingIntent) throws(Failure) { try landing.finish(intent) }

    package func standing(
        of commit: ObjectID,
        target ref: String,
        prdPath: RepositoryPath?
    ) throws(Failure) -> Standing {
        try landing.standing(of: commit, target: ref, prdPath: prdPath)
    }

    private var landing: Landing {
        var landing = Landing(store: store)
        landing.isStopping = configuration.isStopping
        return landing
    }
}
