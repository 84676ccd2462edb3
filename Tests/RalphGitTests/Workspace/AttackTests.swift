import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

/// What an agent may do to its workspace, done for real; each has to leave the rest of the work whole, run nothing, and
/// reach nothing outside.
@Suite("An agent's attack", .timeLimit(.minutes(1)))
struct AttackTests {
    /// A script that an agent runs, and what becomes of its traces. `good.txt` is always written beside.
    struct Attack: CustomTestStringConvertible, Sendable {
        var name: String
        var script: String
        /// `path: reason` as in a refusal.
        var refused: [String] = []
        /// Paths taken beside `good.txt`.
        var taken: [String] = []

        var testDescription: String { name }
    }

    private static let evilRepository = """
        git init -q nested && cd nested && echo '* filter=evil' > .gitattributes && echo x > x
        git -c user.name=a -c user.email=b add -A && git -c user.name=a -c user.email=b commit -qm x
        git config filter.evil.clean "touch ../../../executed; cat" && git config core.fsmonitor "touch ../../../executed"
        echo y > x
        """

    static let attacks: [Attack] = [
        Attack(
            name: "a nested repository with a filter",
            script: evilRepository,
            refused: ["nested: a repository in the repository"]
        ),
        Attack(
            name: "a nested repository without a commit",
            script: "git init -q nested; echo x > nested/x",
            refused: ["nested: a repository in the repository"]
        ),
        Attack(name: "its own .git deleted", script: "rm -rf .git"),
        Attack(
            name: "its own .git a link to the person's",
            script: "rm -rf .git; ln -s \"$USER_REPOSITORY/.git\" .git"
        ),
        Attack(
            name: "its own .git a file that names the person's",
            script: "rm -rf .git; echo \"gitdir: $USER_REPOSITORY/.git\" > .git"
        ),
        Attack(
            name: "hooks, filters and fsmonitor in its own .git",
            script: """
                git config core.fsmonitor "touch ../../executed"; git config core.hooksPath hooks
                git config filter.evil.clean "touch ../../executed; cat"; mkdir hooks
                printf '#!/bin/sh\\ntouch ../../executed\\n' > hooks/post-index-change; chmod +x hooks/post-index-change
                git config core.worktree "$USER_REPOSITORY"
                """,
            taken: ["hooks/post-index-change"]
        ),
        Attack(
            name: "attributes that select a filter",
            script: "echo '* filter=evil' > .gitattributes",
            refused: [".gitattributes: protected"]
        ),
        Attack(
            name: "an encoding that fits nothing",
            script: "echo '*.txt working-tree-encoding=UTF-16' > .gitattributes",
            refused: [".gitattributes: protected"]
        ),
        Attack(
            name: "submodules that run a command",
            script: "printf '[submodule \"a\"]\\n path=a\\n url=ext::sh\\n update=!sh\\n' > .gitmodules",
            refused: [".gitmodules: protected"]
        ),
        Attack(
            name: "a link to the person's files",
            script: "rm -r src; ln -s \"$USER_REPOSITORY/src\" src",
            refused: ["src: a link that leaves the repository"]
        ),
        Attack(
            name: "a relative link out of the tree",
            script: "ln -s src/../../../x out",
            refused: ["out: a link that leaves the repository"]
        ),
        Attack(
            name: "a link into a git directory",
            script: "ln -s .git/config conf",
            refused: ["conf: a link that leaves the repository"]
        ),
        Attack(
            name: "links that stay inside, and one to nothing",
            script: "ln -s a.txt src/b; ln -s ../README.md src/c; ln -s loop loop",
            taken: ["loop", "src/b", "src/c"]
        ),
        Attack(
            name: "odd names",
            script:
                "touch -- -rf --help ':(exclude)x' 'a\nb' '$(touch executed)' \"$(printf 'a\\377b')\" 'tab\there'",
            taken: [
                "$(touch executed)", "--help", "-rf", ":(exclude)x", "a\u{FFFD}b", "a\u{FFFD}b",
                "tab\u{FFFD}here",
            ]
        ),
        Attack(
            name: "names like .git",
            script: "mkdir .GIT 'git~1' '.git ' .git.; touch .GIT/config 'git~1/x' '.git /x' .git./x",
            refused: [
                ".GIT/config: a name that git keeps for itself", ".git /x: a name that git keeps for itself",
                ".git./x: a name that git keeps for itself", "git~1/x: a name that git keeps for itself",
            ]
        ),
        Attack(
            name: "a name like .git on a Mac",
            script: "d=$(printf '.git\\342\\200\\214'); mkdir \"$d\"; touch \"$d/config\"",
            refused: [".git\u{200C}/config: a name that git keeps for itself"]
        ),
        Attack(name: "a FIFO as .gitignore", script: "mkfifo .gitignore"),
        Attack(name: "a FIFO as .gitattributes below", script: "mkfifo src/.gitattributes"),
        Attack(
            name: "a FIFO as a nested HEAD",
            script:
                "mkdir -p nested/.git/refs nested/.git/objects; mkfifo nested/.git/HEAD; echo x > nested/x",
            taken: ["nested/x"]
        ),
        Attack(
            name: "a tracked file a FIFO",
            script: "rm src/a.txt; mkfifo src/a.txt",
            refused: ["src/a.txt: neither file nor link"]
        ),
        Attack(
            name: "a tracked directory a FIFO",
            script: "rm -r src; mkfifo src",
            refused: ["src: neither file nor link"]
        ),
        Attack(name: "a giant .gitignore", script: "truncate -s 1500M .gitignore"),
        Attack(
            name: "a file of 80 MB and a sparse one of 3 GB",
            script: "truncate -s 80000000 big; truncate -s 3000000000 huge",
            refused: [
                "big: 80 MB, more than a commit may hold", "huge: 3000 MB, more than a commit may hold",
            ]
        ),
        Attack(
            name: "closed files and directories",
            script: "mkdir closed; echo x > closed/x; chmod 0 closed; echo y > locked; chmod 0 locked",
            taken: ["closed/x", "locked"]
        ),
        Attack(
            name: "the PRD ticked",
            script: "echo '- [x] one' > prd.md",
            refused: ["prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "the PRD deleted",
            script: "rm prd.md",
            refused: ["prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "the PRD a directory",
            script: "rm prd.md; mkdir prd.md; echo x > prd.md/x",
            refused: ["prd.md/x: only the author edits the PRD", "prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "protected tests emptied, deleted, replaced",
            script: ": > tests/t.txt; rm tests/u.txt; echo x > tests/new.txt",
            refused: ["tests/new.txt: protected", "tests/t.txt: protected", "tests/u.txt: protected"]
        ),
        Attack(
            name: "the protected directory a link",
            script: "mv tests other; ln -s other tests",
            refused: ["tests: protected"],
            taken: ["other/t.txt", "other/u.txt"]
        ),
        Attack(
            name: "the protected directory a file",
            script: "rm -r tests; echo x > tests",
            refused: ["tests: protected"]
        ),
        Attack(
            name: "its own directory ignored",
            script: "echo /.ralphd > .gitignore",
            taken: [".gitignore"]
        ),
        Attack(
            name: "its own directory tracked by it",
            script: "echo '!/.ralphd' > .gitignore; echo x > .ralphd/x",
            taken: [".gitignore"]
        ),
        Attack(name: "setuid and mode changes", script: "chmod 4755 README.md", taken: ["README.md"]),
        Attack(
            name: "three thousand directories deep",
            script:
                "s=$(printf 'd/%.0s' $(seq 100)); mkdir all; for i in $(seq 30); do mkdir -p new/$s; mv all new/$s/all; mv new all; done; echo x > all/x",
            refused: []
        ),
    ]

    @Test("keeps the rest of the work and runs nothing", arguments: attacks)
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
        try bench.agent(Self.evilRepository.replacingOccurrences(of: "nested", with: "sub"))
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
