internal import Glibc
package import SystemPackage

/// What a project's settings say that concerns git.
package struct WorkshopConfiguration: Sendable {
    /// Made if need be; may not lie inside a work tree.
    package var state: FilePath
    /// The project's name as its author writes it; made safe for ref names here.
    package var project: String
    /// The PRD's real path in the repository; nil when it is outside or untracked and outside the work tree.
    package var prdPath: RepositoryPath?
    /// How long git may take in an agent's directory before the directory is searched for what it waits for.
    package var patience: Duration
    /// Seconds since 1970, for commits.
    package var time: @Sendable () -> Int64
    /// Whether nothing is to be waited for any more, because the daemon ends.
    package var isStopping: @Sendable () -> Bool

    package init(
        state: FilePath,
        project: String,
        prdPath: RepositoryPath?,
        patience: Duration = .seconds(15),
        time: @escaping @Sendable () -> Int64 = { Int64(Glibc.time(nil)) },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.state = state
        self.project = project
        self.prdPath = prdPath
        self.patience = patience
        self.time = time
        self.isStopping = isStopping
    }
}

/// What may change with the front matter, from one iteration to the next.
package struct WorkspaceRules: Equatable, Sendable {
    /// Globs of paths that no iteration may change; `.gitattributes`, `.gitmodules` and `.lfsconfig` always are.
    package var protect: [String]
    /// Untracked files of the person's work tree that workspace and verify directory both get.
    package var include: [String]

    package init(protect: [String] = [], include: [String] = []) {
        self.protect = protect
        self.include = include
    }
}
