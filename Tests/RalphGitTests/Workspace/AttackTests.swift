import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

/// What an agent may do to its workspace, done for real; each has to leave the rest of the work whole, run nothing, and
/// reach nothing outside.
@Suite("An agent's attack", .timeLimit(.minutes(5)))
struct AttackTests {
    @Test("keeps the rest of the work and runs nothing", arguments: Attack.all)
    func survived(_ attack: Attack) async throws {
        let bench = try Bench(
            files: [
                "README.md": "read me\n", "src/a.txt": "a\n", "prd.md": "- [ ] one\n", "tests/t.txt": "t\n",
                "tests/u.txt": "u\n",
            ],
            rules: WorkspaceRules(protect: ["tests/"]),
            patience: .milliseconds(400)
        )
        let before = try bench.repository.git("status", "--porcelain", "--ignored")
        let configuration = try bench.repository.directory.read(".git/config")
        try await bench.prepare()
        try bench.agent(attack.script)
        try bench.write("good.txt", "good\n")
        for round in 1...2 {
            let snapshot = try await bench.snapshot(iteration: Int64(round))
            if !attack.name.contains("deep") {
                #expect(round == 2 || snapshot.refused.map(\.description).sorted() == attack.refused)
                #expect(
                    snapshot.paths.map(\.description).sorted() == (attack.taken + ["good.txt"]).sorted()
                        || round == 2
                )
            }
            let added = try bench.names(in: snapshot.commit)
            #expect(added.contains("good.txt"))
            #expect(added.contains("prd.md") && added.contains("tests/t.txt"))
            #expect(try bench.store("show", "\(snapshot.commit):prd.md") == "- [ ] one")
        }
        #expect(!bench.state.exists("executed") && !bench.repository.directory.exists("executed"))
        try await bench.prepare()
        #expect(bench.read("good.txt") == nil)
        #expect(try bench.agent("git status --porcelain") == "")
        #expect(try await bench.snapshot(iteration: 3).isEmpty)
        #expect(try bench.repository.git("status", "--porcelain", "--ignored") == before)
        #expect(try bench.repository.directory.read(".git/config") == configuration)
        try bench.repository.git("fsck", "--strict")
    }

    @Test("through a submodule of the base runs nothing")
    func submodule() async throws {
        let bench = try Bench { repository in
            try repository.git("init", "-q", "library")
            try repository.git(
                "-C",
                "library",
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
            try repository.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                "./library",
                "sub"
            )
        }
        try await bench.prepare()
        #expect(try await bench.snapshot().isEmpty)
        try bench.agent(Attack.evilRepository.replacingOccurrences(of: "nested", with: "sub"))
        try bench.write("good.txt", "good\n")
        let snapshot = try await bench.snapshot()
        #expect(snapshot.paths.map(\.description) == ["good.txt"])
        #expect(snapshot.refused.map(\.description) == ["sub: a repository in the repository"])
        #expect(!bench.state.exists("executed"))
    }

    @Test("on the workspace itself, made a link to the person's checkout, changes nothing there")
    func workspaceIsLink() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.repository.directory.write("precious", to: "untracked.txt")
        try bench.repository.directory.write("dirty\n", to: "src/a.txt")
        try bench.agent("cd ..; mv 0 moved; ln -s \"$USER_REPOSITORY\" 0", in: bench.directory)
        let snapshot = try await bench.snapshot()
        #expect(snapshot.isLost && snapshot.isEmpty)
        #expect(try await bench.prepare().isNew)
        #expect(try bench.repository.directory.read("untracked.txt") == "precious")
        #expect(try bench.repository.directory.read("src/a.txt") == "dirty\n")
        #expect(try bench.repository.git("log", "--format=%s") == "Start")
        #expect(bench.read("src/a.txt") == "a\n")
    }

    @Test("on .ralphd, made a link or with hard links, overwrites nothing")
    func ownDirectoryIsLink() async throws {
        let bench = try Bench()
        let victim = try TemporaryDirectory()
        try victim.write("precious", to: "feedback.md")
        try await bench.prepare()
        try bench.agent("rm -rf .ralphd; ln -s '\(victim.path)' .ralphd")
        #expect(
            await bench.workshop.outbox(slot: 0).notes == [
                ".ralphd is not the directory that was made for it"
            ]
        )
        try await bench.prepare(feedback: "mine")
        try bench.agent("rm .ralphd/feedback.md; ln '\(victim.path)/feedback.md' .ralphd/feedback.md")
        try await bench.prepare(feedback: "mine again")
        #expect(try victim.read("feedback.md") == "precious")
        #expect(bench.read(".ralphd/feedback.md") == "mine again")
    }

    @Test("by a file edited within a second, size and time put back, is not there for the next item")
    func forgedTimes() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.agent("touch -r src/a.txt ref; printf 'b\\n' > src/a.txt; touch -r ref src/a.txt; rm ref")
        _ = try await bench.snapshot()
        try await bench.prepare()
        #expect(bench.read("src/a.txt") == "a\n")
    }

    @Test("by more files than anybody commits is refused by directory, and the rest is kept")
    func crowd() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.agent(
            "mkdir vendor && cd vendor && seq 20001 | xargs touch && cd .. && echo good > good.txt"
        )
        let snapshot = try await bench.snapshot()
        #expect(
            snapshot.refused.map(\.description) == ["vendor: 20001 new files, more than a commit may hold"]
        )
        #expect(snapshot.paths.map(\.description) == ["good.txt"])
    }

    @Test("by git stash, reset, push, gc and a new .git leaves the person's repository as it was")
    func gitCommands() async throws {
        let bench = try Bench()
        try bench.repository.directory.write("dirty\n", to: "src/a.txt")
        try bench.repository.git("stash")
        try bench.repository.directory.write("dirty again\n", to: "README.md")
        let refs = try bench.repository.git("for-each-ref")
        try await bench.prepare()
        try bench.write("src/a.txt", "work\n")
        try bench.agent(
            """
            git stash -q; git stash pop -q; git stash clear; git branch -f main HEAD; git gc -q --prune=now
            git push -q --force "$PWD" HEAD:refs/heads/x; git reset -q --hard; rm -rf .git; git init -q
            git config core.fsmonitor 'touch ../../executed'; echo work > src/a.txt
            """
        )
        #expect(try await bench.snapshot().paths.map(\.description) == ["src/a.txt"])
        #expect(!bench.state.exists("executed"))
        let after = try bench.repository.git("for-each-ref").split(separator: "\n").filter {
            !$0.contains("refs/ralph/")
        }
        #expect(after.joined(separator: "\n") == refs)
        #expect(try bench.repository.directory.read("README.md") == "dirty again\n")
    }

    @Test("that deletes .git finds no repository around the state directory")
    func ceiling() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.repository.git("init", "-q", bench.state.path.removingLastComponent().appending("x").string)
        #expect(throws: Failure.self) { try bench.agent("rm -rf .git; git rev-parse --git-dir") }
    }

    @Test("that removes the directory under its own feet loses only that directory")
    func directoryRemoved() async throws {
        let bench = try Bench()
        try await bench.prepare()
        try bench.agent("rm -rf \"$PWD\"")
        let snapshot = try await bench.snapshot()
        #expect(snapshot.isLost)
        #expect(snapshot.refused.map(\.description) == ["the workspace was removed or replaced"])
        #expect(try await bench.prepare().isNew)
        #expect(bench.read("src/a.txt") == "a\n")
    }
}
