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

    #if DEBUG
        /// Called at each step; throwing there leaves everything as a kill would.
        package var atStep: (@Sendable (LandingStep) throws(Failure) -> Void)?
    #endif

    package init(store: Store) { self.store = store }

    /// Drops the candidate's pin, once the row says how it ended.
    package func finish(_ intent: LandingIntent) throws(Failure) {
        guard refs.value(of: pin(of: intent)) != nil else { return }
        try store.update(store.pins, "delete \(pin(of: intent))\n")
    }

    func reached(_ step: LandingStep) throws(Failure) {
        #if DEBUG
            try atStep?(step)
        #endif
    }

    /// Keeps the candidate's objects from `git gc` until the target has them.
    func pin(of intent: LandingIntent) -> String { "refs/ralph/\(store.project)/landing/\(intent.iteration)" }

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
