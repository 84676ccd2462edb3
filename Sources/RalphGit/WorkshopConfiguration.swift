package import SystemPackage

/// What a project's settings say that concerns git.
package struct WorkshopConfiguration: Sendable {
    /// Made if need be; may not lie inside a work tree.
    package var state: FilePath
    /// The project's name as its author writes it; made safe for ref names here.
    package var project: String
    /// The PRD's real path in the repository; nil when it is outside or untracked and outside the work tree.
    package var prdPath: RepositoryPath?

    package init(state: FilePath, project: String, prdPath: RepositoryPath?) {
        self.state = state
        self.project = project
        self.prdPath = prdPath
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
