import Foundation
import Glibc
import RalphCore
import RalphProcess
import RalphTestSupport
import SystemPackage

@testable import RalphGit

/// A repository, a state directory and a workshop on them: what an iteration has, without an agent.
struct Bench {
    let repository: TemporaryRepository
    let state: TemporaryDirectory
    let workshop: GitWorkshop
    let rules: WorkspaceRules

    init(
        files: [String: String] = ["README.md": "read me\n", "src/a.txt": "a\n", "prd.md": "- [ ] one\n"],
        rules: WorkspaceRules = WorkspaceRules(),
        patience: Duration = .seconds(15),
        configure: (TemporaryRepository) throws -> Void = { _ in }
    ) throws {
        repository = try TemporaryRepository()
        try configure(repository)
        try repository.commit("Start", files)
        state = try TemporaryDirectory("ralph-state")
        self.rules = rules
        workshop = try Bench.open(repository, state, patience: patience)
    }

    static func host(home: FilePath) throws -> GitHost {
        try GitHost.find(in: TemporaryRepository.isolatedEnvironment(home: home))
    }

    static func open(
        _ repository: TemporaryRepository,
        _ state: TemporaryDirectory,
        patience: Duration = .seconds(15)
    ) throws -> GitWorkshop {
        let opened = try UserRepository.open(around: repository.path, host: try host(home: state.path))
        let configuration = WorkshopConfiguration(
            state: state.path,
            project: "Example project",
            prdPath: RepositoryPath("prd.md"),
            patience: patience
        )
        return try GitWorkshop(opened, configuration)
    }

    var directory: FilePath { state.path.appending("workspaces/0") }

    func path(_ name: String) -> String { directory.appending(name).string }

    func base() throws -> ObjectID { try repository.resolve("HEAD") }

    @discardableResult
    func prepare(kept: KeptWork? = nil, feedback: String? = nil) async throws -> PreparedWorkspace {
        try await workshop.prepare(
            slot: 0,
            base: try base(),
            kept: kept,
            notes: WorkspaceNotes(prd: Array("- [ ] one\n".utf8), feedback: feedback),
            rules: rules
        )
    }

    func snapshot(
        base: ObjectID? = nil,
        kept: KeptWork? = nil,
        iteration: Int64 = 1
    ) async throws -> Snapshot {
        try await workshop.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(iteration),
                base: try base ?? self.base(),
                kept: kept,
                rules: rules
            )
        )
    }

    func candidate(_ snapshot: Snapshot, tip: ObjectID? = nil, tick: PRDTick? = nil) async throws
        -> CandidateResult
    {
        try await workshop.candidate(
            CandidateRequest(
                base: snapshot.base,
                work: snapshot.commit,
                tip: try tip ?? base(),
                tick: tick,
                message: CandidateMessage(
                    title: "Do it",
                    summary: nil,
                    item: "one",
                    iteration: "u-1",
                    agent: "claude"
                )
            )
        )
    }

    /// Writes as the agent would.
    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) -> String? {
        (try? Data(contentsOf: URL(filePath: path(name)))).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Runs a shell script in the workspace, as the agent would, and returns what it printed.
    @discardableResult
    func agent(_ script: String, in directory: FilePath? = nil) throws -> String {
        var environment = TemporaryRepository.isolatedEnvironment(home: state.path)
        environment["GIT_CEILING_DIRECTORIES"] = workshop.ceilingDirectories
        environment["USER_REPOSITORY"] = repository.path.string
        let result = try CapturedCommand(
            "/bin/sh",
            ["-e", "-c", script],
            environment: environment,
            directory: directory ?? self.directory,
            deadline: .seconds(30)
        ).run()
        guard result.isSuccess else {
            throw Failure(.process, "\(result.ending): \(String(decoding: result.errors, as: UTF8.self))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Names in a commit of the store.
    func names(in commit: ObjectID) throws -> [String] {
        try store("ls-tree", "-r", "--name-only", commit.rawValue).split(separator: "\n").map(String.init)
    }

    /// Runs git on the store.
    func store(_ arguments: String...) throws -> String {
        try repository.git(["--git-dir", state.path.appending("store.git").string] + arguments)
    }
}
