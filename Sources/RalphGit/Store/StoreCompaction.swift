internal import RalphCore
internal import RalphProcess
internal import SystemPackage

/// `git gc` on the store, as a process tree that can be ended at any time.
struct StoreCompaction: Sendable {
    /// Loose objects from which on it is worth the while. An iteration leaves some ten.
    private static let manyObjects = 2_000
    private static let timeout: Duration = .seconds(900)

    private let git: GitCommand

    init(_ workshop: GitWorkshop) {
        var git = GitCommand(
            workshop.repository.host,
            gitDirectory: workshop.storePath,
            scope: .repositoryOnly
        )
        git.settings = [
            ("gc.auto", "\(Self.manyObjects)"), ("gc.autoDetach", "false"),
            ("gc.pruneExpire", "2.weeks.ago"),
        ]
        self.git = git
    }

    func run(mark: String) async {
        guard let directory = git.gitDirectory else { return }
        let spec = ProcessSpec(
            git.host.git.string,
            git.commandLine(["gc", "--auto", "--quiet"]),
            environment: git.environment,
            directory: directory,
            timeout: Self.timeout,
            mark: mark
        )
        _ = await runTree(spec, onLine: { _, _, _ in .go })
    }
}
