import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("A workspace", .timeLimit(.minutes(5)))
struct WorkspaceTests {
    @Test("has the base's files, notes and an outbox")
    func prepared() async throws {
        let bench = try Bench()
        let prepared = try await bench.prepare(feedback: "it failed")
        #expect(prepared.isNew)
        #expect(prepared.start == .base)
        #expect(prepared.directory == bench.directory)
        #expect(bench.read("src/a.txt") == "a\n")
        #expect(bench.read(".ralphd/prd.md") == "- [ ] one\n")
        #expect(bench.read(".ralphd/feedback.md") == "it failed")
        let mode = try #require(PathStatus(at: bench.directory.appending(".ralphd/prd.md"))).mode
        #expect(mode & 0o777 == 0o444)
        #expect(bench.read(".ralphd/old.diff") == nil)
        #expect(try await !bench.prepare().isNew)
    }

    @Test("has the author's words in a file, until there are none")
    func author() async throws {
        let bench = try Bench()
        for words in ["Use 8080.\n", nil] {
            _ = try await bench.workshop.prepare(
                slot: 0,
                base: try bench.base(),
                kept: nil,
                notes: WorkspaceNotes(prd: [], author: words),
                rules: bench.rules
            )
            #expect(bench.read(".ralphd/author.md") == words)
        }
    }

    @Test("lets the agent use git log, status and diff, with no remote and nothing of the person's refs")
    func agentsGit() async throws {
        let bench = try Bench()
        try bench.repository.commit("Second", ["src/b.txt": "b\n"])
        try await bench.prepare()
        #expect(try bench.agent("git log --format=%s") == "Second\nStart\n")
        #expect(try bench.agent("git status --porcelain") == "")
        try bench.write("src/a.txt", "changed\n")
        #expect(try bench.agent("git diff HEAD --name-only") == "src/a.txt\n")
        #expect(try bench.agent("git remote; git branch --format='%(refname)'") == "refs/heads/work\n")
        #expect(
            try bench.agent("git add -A && git commit -q -m mine && git log -1 --format='%s %an'")
                == "mine Author\n"
        )
        try bench.repository.git("fsck", "--strict")
    }

    @Test("keeps ignored files and loses all else of the last item")
    func reused() async throws {
        let bench = try Bench(files: [".gitignore": "build/\n", "src/a.txt": "a\n"])
        try await bench.prepare()
        try bench.write("build/cache", "kept")
        try bench.write("src/new.txt", "new")
        try bench.write("src/a.txt", "changed")
        _ = try await bench.snapshot()
        try await bench.prepare()
        #expect(bench.read("build/cache") == "kept")
        #expect(bench.read("src/new.txt") == nil)
        #expect(bench.read("src/a.txt") == "a\n")
    }

    @Test("is clean also after a life that took no snapshot")
    func afterCrash() async throws {
        let bench = try Bench(files: [".gitignore": "build/\n", "src/a.txt": "a\n"])
        try await bench.prepare()
        try bench.write(".gitignore", "*\n")
        try bench.write("conftest.py", "evil")
        try bench.write("build/cache", "kept")
        try bench.write("src/.gitignore", "*\n")
        try bench.write("src/conftest.py", "evil")
        let next = try Bench.open(bench.repository, bench.state)
        _ = try await next.prepare(
            slot: 0,
            base: try bench.base(),
            kept: nil,
            notes: WorkspaceNotes(prd: []),
            rules: bench.rules
        )
        #expect(bench.read("conftest.py") == nil)
        #expect(bench.read("src/conftest.py") == nil)
        #expect(bench.read("src/.gitignore") == nil)
        #expect(bench.read(".gitignore") == "build/\n")
        #expect(bench.read("build/cache") == "kept")
    }

    @Test("goes on from kept work as uncommitted changes")
    func keptWork() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "half done\n")
        try bench.write("src/new.txt", "new\n")
        let first = try await bench.snapshot()
        let kept = try #require(try await bench.workshop.keptWork(of: first))
        #expect(kept.filesChanged == 2 && kept.insertions == 2 && kept.deletions == 1)
        let ref = "refs/ralph/\(RefName.component("Example project"))/wip/1"
        #expect(try bench.store("rev-parse", ref) == kept.commit.rawValue)
        try await bench.prepare()
        let prepared = try await bench.prepare(kept: kept)
        #expect(prepared.start == .kept)
        #expect(bench.read("src/new.txt") == "new\n")
        #expect(try bench.agent("git diff HEAD --name-only") == "src/a.txt\nsrc/new.txt\n")
        try bench.write("src/more.txt", "more\n")
        let second = try await bench.snapshot(kept: kept, iteration: 2)
        #expect(second.paths.map(\.description) == ["src/a.txt", "src/more.txt", "src/new.txt"])
        #expect(try bench.store("rev-parse", "\(second.commit)^") == bench.base().rawValue)
    }

    @Test("merges kept work onto a base that moved, and hands out the old diff when that conflicts")
    func baseMoved() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "half done\n")
        let kept = try #require(try await bench.workshop.keptWork(of: try await bench.snapshot()))
        try bench.repository.commit(
            "Elsewhere",
            ["README.md": "rewritten\n", "prd.md": "- [ ] one\n- [ ] two\n"]
        )
        let merged = try await bench.prepare(kept: kept)
        #expect(merged.start == .merged)
        #expect(bench.read("src/a.txt") == "half done\n")
        #expect(bench.read("README.md") == "rewritten\n")
        #expect(bench.read("prd.md") == "- [ ] one\n- [ ] two\n")
        try bench.repository.commit("The same place", ["src/a.txt": "theirs\n"])
        let conflicted = try await bench.prepare(kept: kept)
        #expect(conflicted.start == .conflicted(paths: ["src/a.txt"]))
        #expect(bench.read("src/a.txt") == "theirs\n")
        #expect(bench.read(".ralphd/old.diff")?.contains("+half done") == true)
    }

    @Test("drops from kept work what has become protected since")
    func keptButForbidden() async throws {
        let bench = try Bench(rules: WorkspaceRules(protect: ["tests/**"]))
        try await bench.prepare()
        try bench.write("src/a.txt", "good\n")
        try bench.write("tests/t.txt", "skip")
        let free = try await bench.workshop.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(1),
                base: try bench.base(),
                kept: nil,
                rules: WorkspaceRules()
            )
        )
        let kept = try #require(try await bench.workshop.keptWork(of: free))
        try await bench.prepare(kept: kept)
        #expect(bench.read("tests/t.txt") == nil)
        #expect(bench.read("src/a.txt") == "good\n")
    }

    @Test("gets what include names, but nothing through a link and nothing of it in a commit")
    func include() async throws {
        let bench = try Bench(
            rules: WorkspaceRules(include: [".env.*", "fixtures", "linked/secret", "src/a.txt", "../x"])
        )
        let user = bench.repository.directory
        try user.write("SECRET=1\n", to: ".env.test")
        try user.write("row", to: "fixtures/deep/data.csv")
        try user.write("secret", to: "elsewhere/secret")
        try user.write("dirty\n", to: "src/a.txt")
        #expect(symlink("elsewhere", user.path.appending("linked").string) == 0)
        #expect(symlink("/etc/passwd", user.path.appending(".env.link").string) == 0)
        try await bench.prepare()
        #expect(bench.read(".env.test") == "SECRET=1\n")
        #expect(bench.read("fixtures/deep/data.csv") == "row")
        #expect(bench.read("linked/secret") == nil)
        #expect(bench.read(".env.link") == nil)
        #expect(bench.read("src/a.txt") == "a\n")
        #expect(try await bench.snapshot().isEmpty)
        try bench.write(".env.test", "SECRET=2\n")
        #expect(try await bench.snapshot().isEmpty)
        try await bench.prepare()
        #expect(bench.read(".env.test") == "SECRET=1\n")
    }

    @Test("is refused where the repository tracks .ralphd, and inside a work tree")
    func refused() async throws {
        let bench = try Bench(files: [".ralphd/mine": "x"])
        await #expect(throws: Failure.self) { try await bench.prepare() }
        let inside = bench.repository.path.appending("state")
        let failure = try #require(throws: Failure.self) { try StateDirectory.resolve(inside) }
        #expect(failure.message.contains("choose another --state-dir"))
    }

    @Test(
        "works in a linked work tree, a shallow clone, a bare repository and one with SHA-256",
        arguments: ["linked", "shallow", "bare", "sha256"]
    )
    func kinds(_ kind: String) async throws {
        let repository = try TemporaryRepository()
        var path = repository.path
        if kind == "sha256" {
            try repository.git("init", "--quiet", "--object-format=sha256", "new")
            path = path.appending("new")
            try repository.git(
                "-C",
                "new",
                "-c",
                "user.name=a",
                "-c",
                "user.email=b",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                "x"
            )
        } else {
            try repository.commit("Start", ["a": "1"])
            try repository.commit("More", ["a": "2"])
        }
        if kind == "linked" { try repository.git("worktree", "add", "--quiet", "linked") }
        if kind == "bare" { try repository.git("clone", "--quiet", "--bare", ".", "bare") }
        if kind == "shallow" {
            try repository.git("clone", "--quiet", "--depth=1", "file://\(path)", "shallow")
        }
        if kind != "sha256" { path = path.appending(kind) }
        let state = try TemporaryDirectory("ralph-state")
        let opened = try UserRepository.open(around: path, host: try Bench.host(home: state.path))
        let workshop = try GitWorkshop(
            opened,
            WorkshopConfiguration(state: state.path, project: "p", prdPath: nil)
        )
        let base = ObjectID(try repository.git("-C", path.string, "rev-parse", "HEAD"))
        let prepared = try await workshop.prepare(
            slot: 0,
            base: base,
            kept: nil,
            notes: WorkspaceNotes(prd: []),
            rules: WorkspaceRules()
        )
        try Data("new".utf8).write(to: URL(filePath: prepared.directory.appending("new").string))
        let snapshot = try await workshop.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(1),
                base: base,
                kept: nil,
                rules: WorkspaceRules()
            )
        )
        #expect(snapshot.paths.map(\.description) == ["new"])
        #expect(snapshot.commit.rawValue.count == opened.objectFormat.digits)
        #expect(try repository.git("-C", prepared.directory.string, "status", "--porcelain") == "?? new")
        #expect(try repository.git("-C", prepared.directory.string, "log", "--format=%s").isEmpty == false)
    }
}
