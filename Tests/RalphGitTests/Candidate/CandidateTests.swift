import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("A candidate", .timeLimit(.minutes(5)))
struct CandidateTests {
    private func built(_ result: CandidateResult) throws -> Candidate {
        guard case .built(let candidate) = result else {
            throw Failure(.internalError, "expected a candidate, got \(result)")
        }
        return candidate
    }

    private func tick(_ text: String) -> PRDTick {
        PRDTick(path: RepositoryPath("prd.md"), mode: "100644", content: Array(text.utf8))
    }

    @Test("is one commit on the tip, with the identity of the repository, and its box ticked in it")
    func plain() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/new.txt", "new\n")
        let snapshot = try await bench.snapshot()
        let result = try await bench.candidate(snapshot, tick: tick("- [x] one\n"))
        let candidate = try built(result)
        #expect(candidate.treeBeforeTick == snapshot.tree)
        #expect(try bench.store("rev-parse", "\(candidate.commit)^") == bench.base().rawValue)
        #expect(try bench.store("show", "\(candidate.commit):prd.md") == "- [x] one")
        let format = "%an %ae %cn %ce"
        #expect(
            try bench.store("log", "-1", "--format=\(format)", candidate.commit.rawValue)
                == "Author author@example.org Author author@example.org"
        )
        let trailers = try bench.store(
            "log",
            "-1",
            "--format=%(trailers:only,unfold)",
            candidate.commit.rawValue
        )
        #expect(trailers == "Ralph-Item: one\nRalph-Iteration: u-1\nRalph-Agent: claude\n")
        _ = try bench.store("fsck", "--strict", "--connectivity-only", candidate.commit.rawValue)
    }

    @Test("has the same tree before the tick whether or not a box is ticked in it")
    func receiptTree() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/new.txt", "new\n")
        let snapshot = try await bench.snapshot()
        let with = try built(try await bench.candidate(snapshot, tick: tick("- [x] one\n")))
        let without = try built(try await bench.candidate(snapshot))
        #expect(with.treeBeforeTick == without.treeBeforeTick)
        #expect(with.commit != without.commit)
    }

    @Test("can be a tick alone, and is nothing to land without even that")
    func tickOnly() async throws {
        let bench = try Bench()
        try await bench.prepare()
        let snapshot = try await bench.snapshot()
        #expect(try await bench.candidate(snapshot) == .nothingToLand)
        let candidate = try built(try await bench.candidate(snapshot, tick: tick("- [x] one\n")))
        #expect(
            try bench.store("diff", "--name-only", "\(candidate.commit)^", candidate.commit.rawValue)
                == "prd.md"
        )
    }

    @Test("is merged with a tip that moved, takes the tip's PRD, and never merges the PRD as text")
    func moved() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "a\nwork\n")
        let snapshot = try await bench.snapshot()
        // An item appended right below the one being landed.
        try bench.repository.commit("Plan", ["prd.md": "- [ ] one\n- [ ] two\n", "README.md": "theirs\n"])
        let candidate = try built(
            try await bench.candidate(snapshot, tick: tick("- [x] one\n- [ ] two\n"))
        )
        #expect(try bench.store("show", "\(candidate.commit):prd.md") == "- [x] one\n- [ ] two")
        #expect(try bench.store("show", "\(candidate.commit):README.md") == "theirs")
        #expect(try bench.store("show", "\(candidate.commit):src/a.txt") == "a\nwork")
        #expect(try bench.store("show", "\(candidate.treeBeforeTick):prd.md") == "- [ ] one\n- [ ] two")
        #expect(try bench.store("rev-list", "--count", candidate.commit.rawValue) == "3")
    }

    @Test("does not bring back commits that the author dropped")
    func dropped() async throws {
        let bench = try Bench()
        let base = try bench.repository.commit("Dropped", ["dropped.txt": "x\n"])
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        let snapshot = try await bench.snapshot(base: base)
        try bench.repository.git("reset", "-q", "--hard", "HEAD~1")
        try bench.repository.git("gc", "-q", "--prune=now")
        let candidate = try built(try await bench.candidate(snapshot))
        #expect(try bench.names(in: candidate.commit) == ["README.md", "prd.md", "src/a.txt"])
    }

    @Test("names the paths and hands out the diff where it conflicts")
    func conflict() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        let snapshot = try await bench.snapshot()
        try bench.repository.commit("Theirs", ["src/a.txt": "theirs\n"])
        guard case .conflict(let paths, let diff) = try await bench.candidate(snapshot) else {
            throw Failure(.internalError, "expected a conflict")
        }
        #expect(paths == ["src/a.txt"])
        #expect(diff.contains("+work") && diff.contains("-a"))
    }

    @Test("merges by the attributes of the tip, at any depth")
    func mergeAttributes() async throws {
        let bench = try Bench(files: ["log/.gitattributes": "*.log merge=union\n", "log/x.log": "one\n"])
        try await bench.prepare()
        try bench.write("log/x.log", "one\nwork\n")
        let snapshot = try await bench.snapshot()
        try bench.repository.commit("Theirs", ["log/x.log": "one\ntheirs\n"])
        let candidate = try built(try await bench.candidate(snapshot))
        #expect(try bench.store("show", "\(candidate.commit):log/x.log") == "one\ntheirs\nwork")
    }

    @Test("is nothing to land when the tip has the same change already")
    func alreadyIn() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        let snapshot = try await bench.snapshot()
        try bench.repository.commit("The same", ["src/a.txt": "work\n"])
        #expect(try await bench.candidate(snapshot) == .nothingToLand)
    }

    @Test("of an undo reverts all but the PRD")
    func revert() async throws {
        let bench = try Bench()
        let landed = try bench.repository.commit("Landed", ["src/new.txt": "x\n", "prd.md": "- [x] one\n"])
        try bench.repository.commit("Later", ["later.txt": "y\n", "prd.md": "- [x] one\n- [ ] two\n"])
        let request = RevertRequest(
            landed: landed,
            tip: try bench.base(),
            tick: nil,
            message: CandidateMessage(
                title: "Undo one",
                summary: nil,
                item: "one",
                iteration: "u",
                agent: "ralphd"
            )
        )
        let candidate = try built(try await bench.workshop.revert(request))
        #expect(try bench.names(in: candidate.commit) == ["README.md", "later.txt", "prd.md", "src/a.txt"])
        #expect(try bench.store("show", "\(candidate.commit):prd.md") == "- [x] one\n- [ ] two")
        try bench.repository.commit("On top", ["src/new.txt": "changed\n"])
        var late = request
        late.tip = try bench.base()
        guard case .conflict = try await bench.workshop.revert(late) else {
            throw Failure(.internalError, "expected a conflict")
        }
    }

    @Test("survives a title and a summary that would act")
    func hostileText() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        let snapshot = try await bench.snapshot()
        let title =
            "\u{1B}[31mred\u{1B}[0m\nCo-authored-by: x\r\n$(touch /tmp/x) `id` \"quoted\" "
            + String(repeating: "long ", count: 2_000)
        let result = try await bench.workshop.candidate(
            CandidateRequest(
                base: snapshot.base,
                work: snapshot.commit,
                tip: snapshot.base,
                tick: nil,
                message: CandidateMessage(
                    title: title,
                    summary: "a\0b\u{1B}c\nRalph-Item: other\nSigned-off-by: Mallory <m@x>",
                    item: "one\nRalph-Item: two",
                    iteration: "u-1",
                    agent: "claude"
                )
            )
        )
        let candidate = try built(result)
        let raw = try bench.store("cat-file", "commit", candidate.commit.rawValue)
        let message = raw[raw.firstRange(of: "\n\n")!.upperBound...]
        #expect(
            message.split(separator: "\n").first
                == "red Co-authored-by: x $(touch /tmp/x) `id` \"quoted\" long long long…"
        )
        #expect(
            try bench.store("log", "-1", "--format=%(trailers:only)", candidate.commit.rawValue)
                == "Ralph-Item: one Ralph-Item: two\nRalph-Iteration: u-1\nRalph-Agent: claude\n"
        )
        #expect(!raw.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
}
