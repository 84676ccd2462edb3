package import RalphCore

/// Asks for what is in a workspace. It says all that is needed, so that after a crash it can be asked again.
package struct SnapshotRequest: Equatable, Sendable {
    package var slot: Int
    package var iteration: IterationID
    package var base: ObjectID
    /// As it was given to `prepare`.
    package var kept: KeptWork?
    package var rules: WorkspaceRules

    package init(slot: Int, iteration: IterationID, base: ObjectID, kept: KeptWork?, rules: WorkspaceRules) {
        self.slot = slot
        self.iteration = iteration
        self.base = base
        self.kept = kept
        self.rules = rules
    }
}

/// What an iteration made of its workspace: the changes that may be taken, as a commit in the store.
package struct Snapshot: Equatable, Sendable {
    package var slot: Int
    package var iteration: IterationID
    package var base: ObjectID
    package var tree: ObjectID
    /// The kept work, with the base as its parent; the base itself when nothing may be taken.
    package var commit: ObjectID
    /// What was left out, and why. Not empty: the outcome is `protected_path`.
    package var refused: [Refusal]
    /// What differs from the base; a path whose bytes are the same after all may be among them.
    package var paths: [RepositoryPath]
    /// The workspace was gone or was another directory: this is what was kept before.
    package var isLost = false

    /// Nothing that may be taken differs from the base. Judged without any tick.
    package var isEmpty: Bool { commit == base }
}

/// A path that was not taken into a snapshot.
package struct Refusal: Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// By `protect:`, or because of what git does with the file; or a parent of such a path.
        case protected
        /// It is the PRD, or a parent of it.
        case prd
        case nestedRepository
        /// A name that git, or another system's file system, takes for `.git`.
        case gitLikeName
        /// A link that is absolute or leads out of the tree.
        case linkLeavesTree
        /// A FIFO, a socket or a device.
        case notAFile
        case tooLarge(bytes: Int64)
        case tooMany(files: Int)
        case tooDeep
        /// The whole workspace was removed, or something else put in its place.
        case workspaceGone
        case unreadable
    }

    package var path: RepositoryPath
    package var reason: Reason

    package init(_ path: RepositoryPath, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package var description: String {
        switch reason {
        case .protected: "\(path): protected"
        case .prd: "\(path): only the author edits the PRD"
        case .nestedRepository: "\(path): a repository in the repository"
        case .gitLikeName: "\(path): a name that git keeps for itself"
        case .linkLeavesTree: "\(path): a link that leaves the repository"
        case .notAFile: "\(path): neither file nor link"
        case .tooLarge(let bytes): "\(path): \(bytes / 1_000_000) MB, more than a commit may hold"
        case .tooMany(let files): "\(path): \(files) new files, more than a commit may hold"
        case .tooDeep: "\(path): more than \(Judge.deepest) directories deep"
        case .workspaceGone: "the workspace was removed or replaced"
        case .unreadable: "\(path): cannot be read"
        }
    }
}
