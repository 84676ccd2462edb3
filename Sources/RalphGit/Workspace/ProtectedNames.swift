import RalphCore

/// Paths that no iteration may change, by their names alone.
struct ProtectedNames {
    private let globs: [Glob]
    let prdPath: RepositoryPath?

    init(protect: [String], prdPath: RepositoryPath?) {
        globs = protect.map(Glob.init)
        self.prdPath = prdPath
    }

    /// Why a path may not be changed; nil if its name does not forbid it.
    func refusal(of path: RepositoryPath) -> Refusal.Reason? {
        let components = path.components
        if let prdPath, prdPath.isOrContains(path) { return .prd }
        if components.contains(where: GitLikeName.isRepository) { return .gitLikeName }
        if components.contains(where: GitLikeName.isConfiguration) { return .protected }
        return globs.contains { $0.matches(components) } ? .protected : nil
    }
}
