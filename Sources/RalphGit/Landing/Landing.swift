package import RalphCore
import SystemPackage

/// Everything that touches the user's own repository: choosing the target, moving it to a candidate, and finding out afterwards
/// what became of it. Blocking; the `GitWorkshop` actor owns it.
///
/// The order is: `prepare`, store the intent, `carryOut`, store the row, `finish`. A `carryOut` that throws, or a daemon that
/// died, leaves an open intent: `recover` it before the PRD is read.
package struct Landing {
    /// Has the candidate's objects, and reads the user's.
    let store: Store
    /// For the checkout itself, which may run the person's own filters.
    package var deadline = Duration.seconds(600)
    /// How long git processes of an earlier life are waited for.
    package var leftoverPatience = Duration.seconds(60)
    /// Ends that wait.
    package var isStopping: @Sendable () -> Bool = { false }

    #if DEBUG
        /// Called at each step; throwing there leaves everything as a kill would.
        package var atStep: (@Sendable (LandingStep) throws(Failure) -> Void)?
    #endif

    package init(store: Store) { self.store = store }

    /// Drops the candidate's pin, once the row says how it ended.
    package func finish(_ intent: LandingIntent) throws(Failure) { try drop(pin: pin(of: intent)) }

    func finish(allBut open: [IterationID]) throws(Failure) {
        let kept = Set(open.map { pinPrefix + $0.description })
        let listing = try userGit.demand(["for-each-ref", "--format=%(refname)", pinPrefix])
        for pin in listing.text.split(separator: "\n").map(String.init) where !kept.contains(pin) {
            try drop(pin: pin)
        }
    }

    private func drop(pin: String) throws(Failure) {
        guard refs.value(of: pin) != nil else { return }
        // Git would lock all packed refs for it, and a git that is killed then leaves that lock to the user.
        guard refs.isPacked(pin) else {
            return LandingFile.remove(repository.commonDirectory.appending(pin))
        }
        try store.update(store.pins, "delete \(pin)\n")
    }

    func reached(_ step: LandingStep) throws(Failure) {
        #if DEBUG
            try atStep?(step)
        #endif
        try step.faultPoint.reached()
    }

    /// Keeps the candidate's objects from `git gc` until the target has them.
    func pin(of intent: LandingIntent) -> String { pinPrefix + intent.iteration.description }

    private var pinPrefix: String { "refs/ralph/\(store.project)/landing/" }

    var repository: UserRepository { store.repository }

    /// Git on the repository as a whole: refs and objects, no work tree.
    var userGit: GitCommand {
        var git = repository.command
        git.gitDirectory = repository.commonDirectory
        git.workTree = nil
        git.directory = repository.commonDirectory
        git.settings = Landing.durably
        return git
    }

    /// Git in a checkout, on a private copy of its index, marked so that a later life can tell whose it is.
    func git(in checkout: Checkout, index: FilePath?, for intent: LandingIntent) -> GitCommand {
        var git = repository.command
        git.gitDirectory = checkout.gitDirectory
        git.workTree = checkout.workTree
        git.index = index
        git.deadline = deadline
        git.settings = Landing.durably + [(LeftoverGit.settingKey, intent.uuid)]
        return git
    }

    var refs: RefFiles {
        RefFiles(gitDirectory: repository.gitDirectory, commonDirectory: repository.commonDirectory)
    }

    /// Git's own default syncs neither loose objects nor refs.
    private static let durably = [(key: "core.fsync", value: "committed,reference")]
}
