package import RalphCore
package import struct SystemPackage.FilePath

/// Everything that touches the user's own repository: choosing the target, moving it to a candidate, and finding out afterwards
/// what became of it. Blocking; the `GitWorkshop` actor owns it.
///
/// The order is: `prepare`, store the intent, `carryOut`, store the row, `finish`. A `carryOut` that throws, or a daemon that
/// died, leaves an open intent: `recover` it before the PRD is read.
package struct Landing: Sendable {
    /// The user's repository.
    package var repository: LandingRepository
    /// `<state>/store.git`, which has the candidate's objects.
    package var store: FilePath
    /// Names our refs: `refs/ralph/<project>/…`.
    package var project: String
}

/// Where the user's repository is.
package struct LandingRepository: Equatable, Sendable {
    /// What all worktrees share: refs, objects, configuration.
    package var commonDirectory: FilePath
    /// The git directory of `workTree`; the common one, unless the project lives in a linked worktree.
    package var gitDirectory: FilePath
    /// Nil when the repository is bare.
    package var workTree: FilePath?

    package init(commonDirectory: FilePath, gitDirectory: FilePath, workTree: FilePath?) {
        self.commonDirectory = commonDirectory
        self.gitDirectory = gitDirectory
        self.workTree = workTree
    }
}
