import RalphGit
import RalphProcess
import SystemPackage

extension Sandbox {
    /// What `sandbox: true` means: agents, set-up and checks write where they work, at home, where their logins and caches
    /// are, and to temporary files. The person's repository, the PRD, and all that is the daemon's are sealed.
    init(_ bench: Workbench, _ plan: ProjectPlan) {
        let home = bench.environment["HOME"].map { FilePath($0) }
        let configuration =
            bench.environment["XDG_CONFIG_HOME"].map { FilePath($0) } ?? home?.appending(".config")
        let repository = bench.git.repository
        let temporary = bench.environment["TMPDIR"].map { FilePath($0) }
        self.init(
            writable: [home, "/tmp", "/var/tmp", temporary].compactMap { $0 },
            sealed: [
                repository.workTree, repository.gitDirectory, repository.commonDirectory, plan.prdFile,
                plan.promptFile,
                bench.state,
                configuration?.appending("ralphd"),
            ].compactMap { $0 }
        )
    }
}
