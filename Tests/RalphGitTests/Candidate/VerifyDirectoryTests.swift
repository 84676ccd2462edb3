import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("The verify directory", .timeLimit(.minutes(5)))
struct VerifyDirectoryTests {
    private let files = [".gitignore": "cache/\n*.log\n", "src/a.txt": "a\n", "b.txt": "b\n"]

    @Test("is exactly the tree, and green through what an agent left untracked or ignored cannot be")
    func exact() async throws {
        let bench = try Bench(files: files)
        try await bench.prepare()
        try bench.write("src/new.txt", "new\n")
        try bench.write("cache/secret", "only here")
        try bench.write(".gitignore", "cache/\n*.log\nhidden.txt\n")
        try bench.write("hidden.txt", "only here")
        guard case .built(let candidate) = try await bench.candidate(try await bench.snapshot()) else {
            return
        }
        let place = try await bench.workshop.setVerify(
            to: candidate.commit,
            isClean: false,
            rules: bench.rules
        )
        #expect(place.isNew)
        #expect(
            try bench.agent("git status --porcelain --ignored; git log -1 --format=%s", in: place.directory)
                == "Do it\n"
        )
        #expect(
            try bench.agent("find . -path ./.git -prune -o -type f -print | sort", in: place.directory)
                == "./.gitignore\n./b.txt\n./src/a.txt\n./src/new.txt\n"
        )
    }

    /// What a check leaves behind, and the directory's only files after the next set.
    @Test(
        "is the tree again whatever a check did",
        arguments: [
            "echo poison > src/a.txt",
            "touch -r b.txt ref; printf 'B\\n' > b.txt; touch -r ref b.txt; rm ref",
            "rm -r src; ln -s /etc src",
            "rm b.txt; mkdir b.txt; echo x > b.txt/x",
            "echo x > untracked; mkdir -p d/e; echo x > d/e/f",
            "echo '*' > src/.gitignore; echo evil > src/conftest.py",
            "echo '*' > .gitignore; echo evil > conftest.py",
            "echo '* text eol=crlf' > .gitattributes; echo '*' >> .gitignore",
            "echo '*.txt working-tree-encoding=UTF-16' > src/.gitattributes; rm src/a.txt",
            "git init -q nested; echo x > nested/x",
            "rm -rf .git; mkfifo .git; mkfifo src/fifo; mkfifo src/.gitignore",
            "rm -rf .git; chmod 0 src; chmod 0 b.txt",
            "git reset -q --hard; git checkout -q -b other; git rm -q -r .; git commit -q -m gone",
            "rm -rf \"$PWD\"",
            "cd ..; mv verify moved; ln -s \"$USER_REPOSITORY\" verify",
        ]
    )
    func poisoned(_ script: String) async throws {
        let bench = try Bench(files: files, patience: .milliseconds(400))
        let base = try bench.base()
        let place = try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules)
        try bench.agent(script, in: place.directory)
        let next = try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules)
        let listing = try bench.agent(
            "find . -path ./.git -prune -o ! -type d -print | sort; cat .gitignore b.txt src/a.txt; git status --porcelain",
            in: next.directory
        )
        #expect(listing == "./.gitignore\n./b.txt\n./src/a.txt\ncache/\n*.log\nb\na\n")
        #expect(try bench.repository.git("status", "--porcelain").isEmpty)
        #expect(try bench.repository.directory.read("b.txt") == "b\n")
    }

    @Test("moves between trees with other ignore rules without leftovers of either")
    func otherRules() async throws {
        let bench = try Bench(files: files)
        let first = try bench.base()
        let second = try bench.repository.commit("Ignore less", [".gitignore": "*.log\n"])
        let place = try await bench.workshop.setVerify(to: first, isClean: false, rules: bench.rules)
        try bench.agent("mkdir cache; echo x > cache/x; echo x > x.log", in: place.directory)
        try await bench.workshop.trustVerifyLeftovers()
        _ = try await bench.workshop.setVerify(to: second, isClean: false, rules: bench.rules)
        #expect(try bench.agent("ls", in: place.directory) == "b.txt\nsrc\nx.log\n")
    }

    @Test("keeps ignored files of set-up, and drops those of a run that did not land")
    func leftovers() async throws {
        let bench = try Bench(files: files)
        let base = try bench.base()
        let place = try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules)
        try bench.agent("mkdir cache; echo module > cache/module", in: place.directory)
        try await bench.workshop.trustVerifyLeftovers()
        #expect(try await !bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules).isNew)
        #expect(try await !bench.workshop.dropVerifyLeftovers())
        try bench.agent("echo poison > cache/poison; echo x > out.log", in: place.directory)
        #expect(try await bench.workshop.dropVerifyLeftovers())
        #expect(try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules).isNew)
        #expect(
            try bench.agent("ls cache; cat b.txt; ls", in: place.directory)
                == "module\nb\nb.txt\ncache\nsrc\n"
        )
    }

    @Test("has nothing of a run whose end nobody saw")
    func unseenEnd() async throws {
        let bench = try Bench(files: files)
        let base = try bench.base()
        let place = try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules)
        try bench.agent("mkdir cache; echo module > cache/module", in: place.directory)
        try await bench.workshop.trustVerifyLeftovers()
        _ = try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules)
        try bench.agent("echo poison > cache/poison", in: place.directory)
        #expect(try await bench.workshop.setVerify(to: base, isClean: false, rules: bench.rules).isNew)
        #expect(try bench.agent("ls cache", in: place.directory) == "module\n")
    }

    @Test("is empty of ignored files when it has to be clean")
    func clean() async throws {
        let bench = try Bench(files: files)
        let base = try bench.base()
        let place = try await bench.workshop.setVerify(to: base, isClean: true, rules: bench.rules)
        try bench.agent("mkdir cache; echo x > cache/x", in: place.directory)
        try await bench.workshop.trustVerifyLeftovers()
        #expect(try await bench.workshop.setVerify(to: base, isClean: true, rules: bench.rules).isNew)
        #expect(try bench.agent("ls", in: place.directory) == "b.txt\nsrc\n")
    }

    @Test("gets included files too")
    func include() async throws {
        let bench = try Bench(files: files, rules: WorkspaceRules(include: [".env.test"]))
        try bench.repository.directory.write("SECRET=1\n", to: ".env.test")
        let place = try await bench.workshop.setVerify(
            to: try bench.base(),
            isClean: false,
            rules: bench.rules
        )
        try await bench.workshop.trustVerifyLeftovers()
        _ = try await bench.workshop.setVerify(to: try bench.base(), isClean: false, rules: bench.rules)
        #expect(try await !bench.workshop.dropVerifyLeftovers())
        #expect(
            try bench.agent("cat .env.test; git status --porcelain", in: place.directory)
                == "SECRET=1\n"
        )
    }
}
