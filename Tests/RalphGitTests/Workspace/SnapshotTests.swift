import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("A snapshot", .timeLimit(.minutes(5)))
struct SnapshotTests {
    @Test("is empty when nothing changed, also with the box ticked by the agent")
    func empty() async throws {
        let bench = try Bench()
        try await bench.prepare()
        #expect(try await bench.snapshot().isEmpty)
        try bench.write("prd.md", "- [x] one\n")
        let ticked = try await bench.snapshot()
        #expect(ticked.isEmpty)
        #expect(ticked.refused.map(\.reason) == [.prd])
        #expect(try await bench.workshop.keptWork(of: ticked) == nil)
    }

    @Test(
        "takes changed, new, removed and renamed files, modes and links, and what the agent committed itself"
    )
    func changes() async throws {
        let bench = try Bench(files: [
            "a": "a\n", "b": "b\n", "dir/c": "c\n", "dir/d": "d\n", "e": "e\n", "prd.md": "",
        ])
        try await bench.prepare()
        try bench.agent(
            "echo A > a; rm b; mv dir/c c; chmod +x dir/d; ln -s a link; git add -A; git commit -qm mine; echo n > n"
        )
        let snapshot = try await bench.snapshot()
        #expect(try bench.names(in: snapshot.commit) == ["a", "c", "dir/d", "e", "link", "n", "prd.md"])
        #expect(try bench.store("ls-tree", snapshot.commit.rawValue, "dir/d").hasPrefix("100755"))
        #expect(try bench.store("ls-tree", snapshot.commit.rawValue, "link").hasPrefix("120000"))
        #expect(
            try bench.store("log", "--format=%s", snapshot.commit.rawValue) == "Work of iteration 1\nStart"
        )
    }

    @Test(
        "takes a directory in the place of a file, a file in the place of a directory, and a whole directory removed"
    )
    func kinds() async throws {
        let bench = try Bench(files: [
            "file": "f", "dir/a": "a", "dir/b/c": "c", "gone/x": "x", "gone/y/z": "z",
        ])
        try await bench.prepare()
        try bench.agent("rm file; mkdir file; echo x > file/x; rm -r dir; echo y > dir; rm -r gone")
        let snapshot = try await bench.snapshot()
        #expect(try bench.names(in: snapshot.commit) == ["dir", "file/x"])
    }

    /// Sums that decide what happens to which file; every round changes a few of them.
    private static let shuffle = """
        round=$1
        for n in 1 2 3 4 5 6; do
          k=$(( (round * 7919 + n * 104729 + round * n * 31) % 997 ))
          d=d$((k % 3)) f=f$((k / 3 % 4))
          case $((k % 7)) in
          0) rm -rf "$d"; echo "$k" > "$d" ;;
          1) [ -d "$d" ] || rm -f "$d"; [ -d "$d/$f" ] || rm -f "$d/$f"; mkdir -p "$d/$f"; echo "$k" > "$d/$f/deep" ;;
          2) rm -rf "$d" ;;
          3) [ -d "$d" ] || rm -f "$d"; mkdir -p "$d"; rm -rf "$d/$f"; ln -s "f$k" "$d/$f" ;;
          4) [ -d "$d" ] || rm -f "$d"; mkdir -p "$d"; rm -rf "$d/$f"; echo "$k" > "$d/$f"; chmod +x "$d/$f" ;;
          *) [ -d "$d" ] || rm -f "$d"; mkdir -p "$d"; rm -rf "$d/$f"; echo "$k" > "$d/$f" ;;
          esac
        done
        """

    @Test("is the tree that git itself makes of the files, whatever became of them")
    func sameTree() async throws {
        let bench = try Bench(files: ["d0/f0": "a", "d0/f1": "b", "d1/f0/deep": "c", "d2": "d", "prd.md": ""])
        var kept: KeptWork?
        for round in 1...25 {
            try await bench.prepare(kept: kept)
            try bench.agent("set -- \(round)\n\(Self.shuffle)")
            let snapshot = try await bench.snapshot(kept: kept, iteration: Int64(round))
            // Of what lies there, by a git that knows nothing of before.
            let expected = try bench.agent(
                """
                export GIT_DIR="$PWD/../plain.git" GIT_WORK_TREE="$PWD"; rm -rf "$GIT_DIR"
                git init -q && echo /.ralphd > "$GIT_DIR/info/exclude" && git add -A && git write-tree
                """
            )
            #expect("\(snapshot.tree.rawValue)\n" == expected, "round \(round)")
            kept = try await bench.workshop.keptWork(of: snapshot)
        }
        _ = try bench.store("fsck", "--strict")
    }

    @Test("names new files that an ignore rule hides, and only those")
    func hidden() async throws {
        let bench = try Bench(files: [".gitignore": "*.log\ncache/\n", "a": "a\n"])
        try await bench.prepare()
        try bench.write("cache/old", "x")
        _ = try await bench.snapshot()
        try await bench.prepare()
        try bench.write("new.log", "x")
        try bench.write("cache/new", "x")
        #expect(try await bench.workshop.hiddenFiles(slot: 0) == ["new.log"])
        try bench.write(".gitignore", "*\n")
        try bench.write("src/code.swift", "x")
        let hidden = try await bench.workshop.hiddenFiles(slot: 0)
        #expect(hidden.contains("src/") || hidden.contains("src/code.swift"))
        #expect(try await bench.snapshot().paths.map(\.description) == [".gitignore"])
    }

    @Test("survives a stale lock and a damaged index")
    func damagedIndex() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.state.write("", to: "workspaces/0.index.lock")
        try bench.write("a", "a")
        #expect(try await bench.snapshot().paths.map(\.description) == ["a"])
        try bench.state.write("rubbish", to: "workspaces/0.index")
        try await bench.prepare()
        #expect(bench.read("a") == nil)
        #expect(try await bench.snapshot(iteration: 2).isEmpty)
    }

    @Test("is taken again after a crash")
    func again() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("a", "a")
        let first = try await bench.snapshot()
        let next = try Bench.open(bench.repository, bench.state)
        let second = try await next.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(1),
                base: try bench.base(),
                kept: nil,
                rules: bench.rules
            )
        )
        #expect(second.tree == first.tree)
        #expect(!second.isEmpty)
    }

    @Test("keeps work that the person's git gc would take away")
    func garbageCollection() async throws {
        let bench = try Bench()
        let base = try bench.repository.commit("Dropped", ["dropped.txt": "x"])
        try await bench.prepare()
        try bench.write("a", "a")
        let first = try await bench.snapshot()
        try bench.repository.git("reset", "-q", "--hard", "HEAD~1")
        try bench.repository.git("reflog", "expire", "--expire=now", "--all")
        try bench.repository.git("gc", "-q", "--prune=now")
        try bench.write("b", "b")
        let second = try await bench.snapshot(base: base, iteration: 2)
        #expect(try bench.names(in: second.commit).contains("dropped.txt"))
        #expect(try bench.store("rev-parse", "\(first.commit)^") == base.rawValue)
        try await bench.workshop.unpin(allBut: [])
        #expect(try bench.repository.git("for-each-ref", "refs/ralph").isEmpty)
    }

    @Test("has line endings as git keeps them where the person has autocrlf, and no file counts as changed")
    func lineEndings() async throws {
        let bench = try Bench(files: ["a.txt": "one\r\ntwo\r\n"]) {
            try $0.git("config", "core.autocrlf", "true")
        }
        try await bench.prepare()
        #expect(bench.read("a.txt") == "one\ntwo\n")
        #expect(try bench.agent("git status --porcelain") == "")
        #expect(try await bench.snapshot().isEmpty)
    }

    @Test(
        "holds the whole tree of a sparse checkout, links and modes where the person has none, and no shared index"
    )
    func personalSettings() async throws {
        let bench = try Bench(files: ["in/a": "a", "out/b": "b"]) { repository in
            for (key, value) in [
                ("core.symlinks", "false"), ("core.fileMode", "false"), ("core.splitIndex", "true"),
                ("core.safecrlf", "true"),
                ("core.untrackedCache", "true"), ("core.fsmonitor", "touch executed"),
                ("commit.gpgSign", "true"),
                ("filter.x.clean", "touch executed; cat"), ("submodule.recurse", "true"),
            ] { try repository.git("config", key, value) }
            try repository.git("config", "--unset", "commit.gpgSign")
            try repository.git("config", "--unset", "core.fsmonitor")
        }
        try bench.repository.git("sparse-checkout", "set", "in")
        try await bench.prepare()
        #expect(bench.read("out/b") == "b")
        try bench.agent("ln -s in/a link; printf 'a\\r\\nb\\n' > mixed; chmod +x in/a")
        let snapshot = try await bench.snapshot()
        #expect(snapshot.refused.isEmpty)
        #expect(try bench.store("ls-tree", snapshot.commit.rawValue, "link").hasPrefix("120000"))
        #expect(!bench.repository.directory.exists("executed"))
    }

    @Test("of a workspace that is gone is the work that was kept before")
    func gone() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "half done\n")
        let first = try await bench.snapshot()
        let kept = try #require(try await bench.workshop.keptWork(of: first, diffLimit: 1_000))
        #expect(kept.diff.contains("+half done"))
        #expect(kept.kept.insertions == 1 && kept.kept.deletions == 1)
        try await bench.prepare(kept: kept.kept)
        try bench.agent("rm -rf \"$PWD\"")
        let second = try await bench.snapshot(kept: kept.kept, iteration: 2)
        #expect(second.isLost)
        #expect(try await bench.workshop.keptWork(of: second) == kept.kept)
    }

    @Test("after a crash takes nothing that was included, whatever rules it is asked with")
    func includedAfterCrash() async throws {
        let bench = try Bench(rules: WorkspaceRules(include: [".env.test"]))
        try bench.repository.directory.write("SECRET=1\n", to: ".env.test")
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        let next = try Bench.open(bench.repository, bench.state)
        let snapshot = try await next.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(1),
                base: try bench.base(),
                kept: nil,
                rules: WorkspaceRules()
            )
        )
        #expect(snapshot.paths.map(\.description) == ["src/a.txt"])
    }

    @Test("has a fingerprint that changes with the files that a glob names, and no others")
    func fingerprint() async throws {
        let bench = try Bench(files: ["package.json": "1", "web/package.json": "1", "src/a.txt": "a"])
        let first = try bench.base()
        let second = try bench.repository.commit("Other", ["src/a.txt": "b"])
        let third = try bench.repository.commit("Deep", ["web/package.json": "2"])
        let globs = ["package.json", "*.lock"]
        let one = try await bench.workshop.fingerprint(matching: globs, at: first)
        #expect(try await bench.workshop.fingerprint(matching: globs, at: second) == one)
        #expect(try await bench.workshop.fingerprint(matching: globs, at: third) != one)
    }
}
