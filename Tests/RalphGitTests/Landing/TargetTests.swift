import Foundation
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

/// Something that the user is in the middle of.
struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let begin: @Sendable (LandingScene) throws -> Void
    var testDescription: String { name }

    static let all: [Operation] = [
        Operation(name: "rebase") { _ = try $0.user.succeeds("rebase", "side") },
        Operation(name: "rebase by am") { _ = try $0.user.succeeds("rebase", "--apply", "side") },
        Operation(name: "rebase stopped for an edit") {
            _ = try $0.user.succeeds("-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "-i", "HEAD~1")
        },
        Operation(name: "rebase of a branch above that takes it along") {
            try $0.user.git("switch", "-q", "-c", "above")
            try $0.user.commit("Above")
            _ = try $0.user.succeeds("rebase", "--update-refs", "side")
        },
        Operation(name: "merge") { _ = try $0.user.succeeds("merge", "side") },
        Operation(name: "cherry-pick") { _ = try $0.user.succeeds("cherry-pick", "side") },
        Operation(name: "merge without a commit yet") {
            _ = try $0.user.succeeds("merge", "--no-commit", "--no-ff", "side~1")
        },
        Operation(name: "rebase stopped by a command") {
            _ = try $0.user.succeeds("rebase", "--exec", "false", "HEAD~1")
        },
        Operation(name: "several reverts") {
            _ = try $0.user.succeeds("revert", "--no-edit", "HEAD~1", "HEAD")
        },
        Operation(name: "several picks") { _ = try $0.user.succeeds("cherry-pick", "side~1", "side") },
        Operation(name: "revert") { _ = try $0.user.succeeds("revert", "--no-edit", "HEAD~1") },
        Operation(name: "am") {
            try $0.user.git(
                "format-patch",
                "-q",
                "-1",
                "side",
                "--output",
                "../\($0.state.path.lastComponent?.string ?? "")/patch"
            )
            _ = try $0.user.succeeds("am", "\($0.state.path)/patch")
        },
        Operation(name: "bisect") {
            try $0.user.git("bisect", "start")
            try $0.user.git("bisect", "bad", "HEAD")
            try $0.user.git("bisect", "good", "HEAD~2")
        },
    ]
}

@Suite("The target", .serialized, .timeLimit(.minutes(5)))
struct TargetTests {
    @Test(
        "while the user is in the middle of something it waits, and lands when that is over",
        arguments: Operation.all
    )
    func waits(_ operation: Operation) throws {
        let scene = try LandingScene()
        try scene.user.git("switch", "-q", "-c", "side")
        try scene.user.commit("Side", ["other.txt": "o\n"])
        try scene.user.commit("Side", ["a.txt": "side\n"])
        try scene.user.git("switch", "-q", "main")
        try scene.user.commit("Main", ["a.txt": "main\n"])
        try scene.user.commit("Main", ["a.txt": "main again\n"])
        let candidate = try scene.candidate(["new.txt": .file("new\n")])
        let intent = try scene.intent(for: candidate)
        try operation.begin(scene)
        try scene.expectUntouched {
            guard case .busy = try scene.land(candidate) else {
                Issue.record("landed in the middle of it")
                return
            }
            // Also when it began after the intent; some operations have moved the branch already.
            let late = try scene.landing().carryOut(intent)
            #expect(late != .landed && late != .thrownAway)
            try scene.landing().finish(intent)
        }
    }

    @Test("it is the branch that is checked out, or the one that is named, with symbolic refs followed")
    func chooses() throws {
        let scene = try LandingScene()
        let landing = try scene.landing()
        #expect(try landing.chooseTarget(branch: nil) == .ref("refs/heads/main"))
        try scene.user.git("branch", "work/one")
        #expect(try landing.chooseTarget(branch: "work/one") == .ref("refs/heads/work/one"))
        #expect(try landing.chooseTarget(branch: "refs/heads/work/one") == .ref("refs/heads/work/one"))
        try scene.user.git("pack-refs", "--all")
        #expect(try landing.chooseTarget(branch: "work/one") == .ref("refs/heads/work/one"))
        try scene.user.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
        #expect(try landing.chooseTarget(branch: "alias") == .ref("refs/heads/main"))
        try scene.user.git("symbolic-ref", "HEAD", "refs/heads/alias")
        #expect(try landing.chooseTarget(branch: nil) == .ref("refs/heads/main"))
        let candidate = try scene.candidate(LandingScene.work)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.tip() == candidate)
        #expect(try scene.status() == "")
    }

    @Test("a detached HEAD, a branch without a commit and a branch that is gone hold, with the next step")
    func holds() throws {
        let scene = try LandingScene()
        let landing = try scene.landing()
        guard case .hold = try landing.chooseTarget(branch: "gone"),
            case .hold = try landing.target("refs/heads/gone")
        else {
            Issue.record("no hold")
            return
        }
        try scene.user.git("checkout", "-q", "--detach")
        guard case .hold(let reason) = try landing.chooseTarget(branch: nil) else {
            Issue.record("no hold")
            return
        }
        #expect(reason.contains("branch:"))
        try scene.user.git("checkout", "-q", "--orphan", "new")
        guard case .hold = try landing.chooseTarget(branch: nil) else {
            Issue.record("no hold")
            return
        }
    }

    @Test(
        "it does not follow HEAD: a switch in the middle lands on the branch it began with, and touches no file"
    )
    func doesNotFollow() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.user.git("switch", "-q", "-c", "other")
        let other = try scene.tip("other")
        #expect(try scene.landing().carryOut(intent) == .moved(intent.expectedTip))
        #expect(try scene.land(intent.candidate) == .landed)
        #expect(try scene.tip() == intent.candidate)
        #expect(try scene.tip("other") == other)
        #expect(try scene.status() == "")
        try scene.expectWhole()
    }

    @Test("checked out in another worktree, it lands there")
    func otherWorktree() throws {
        let scene = try LandingScene()
        try scene.user.git("switch", "-q", "-c", "other")
        let place = scene.state.path.appending("linked")
        try scene.user.git("worktree", "add", "-q", place.string, "main")
        let candidate = try scene.candidate(LandingScene.work)
        guard case .found(let target) = try scene.landing().target("refs/heads/main") else {
            Issue.record("no target")
            return
        }
        #expect(target.checkout?.workTree == place)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.tip() == candidate)
        #expect(try scene.user.git("-C", place.string, "status", "--porcelain") == "")
        #expect(try scene.status() == "")
        let fromThere = try scene.landing(around: place).target("refs/heads/other")
        #expect(
            fromThere
                == .found(
                    Target(
                        ref: "refs/heads/other",
                        tip: try scene.tip("other"),
                        checkout: Checkout(
                            workTree: scene.user.path,
                            gitDirectory: scene.user.path.appending(".git")
                        )
                    )
                )
        )
        let intent = try scene.intent(for: scene.candidate(["x.txt": .file("x\n")]))
        try scene.kill(at: .merged, intent)
        #expect(try scene.landing().recover(intent) == .landed(commit: intent.candidate, isTickOwed: false))
        #expect(try scene.user.git("-C", place.string, "status", "--porcelain") == "")
        try scene.landing().finish(intent)
        try scene.expectWhole()
    }

    @Test("checked out twice, it waits; in a worktree that was removed, it is nowhere")
    func twice() throws {
        let scene = try LandingScene()
        let place = scene.state.path.appending("linked")
        try scene.user.git("worktree", "add", "-q", "--force", place.string, "main")
        let candidate = try scene.candidate(LandingScene.work)
        guard case .busy = try scene.land(candidate) else {
            Issue.record("landed in one of two")
            return
        }
        try FileManager.default.removeItem(atPath: place.string)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.status() == "")
    }

    @Test("a commit of the user's on the target while the item is checked asks for a new candidate")
    func moved() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        let mine = try scene.user.commit("Mine", ["mine.txt": "m\n"])
        #expect(try scene.landing().carryOut(intent) == .moved(mine))
        #expect(try scene.land(intent.candidate) == .moved(mine))
        try scene.user.git("reset", "-q", "--hard", "HEAD~1")
        #expect(try scene.land(intent.candidate) == .landed)
    }

    @Test("a commit that the user dropped before the landing does not come back")
    func dropped() throws {
        let scene = try LandingScene()
        let first = try scene.tip()
        try scene.user.commit("To be dropped", ["dropped.txt": "d\n"])
        let candidate = try scene.candidate(LandingScene.work)
        try scene.user.git("reset", "-q", "--hard", "HEAD~1")
        #expect(try scene.land(candidate) == .moved(first))
        #expect(try scene.tip() == first)
    }

    @Test("a bare repository lands by moving the branch alone")
    func bare() throws {
        let scene = try LandingScene()
        let place = scene.state.path.appending("bare.git")
        try scene.user.git("clone", "-q", "--bare", scene.user.path.string, place.string)
        let landing = try scene.landing(around: place)
        let candidate = try scene.candidate(LandingScene.work)
        guard case .ready(let intent) = try landing.prepare(scene.request(candidate)) else {
            Issue.record("not ready")
            return
        }
        #expect(intent.worktree == nil)
        #expect(try landing.carryOut(intent) == .landed)
        #expect(try scene.user.git("-C", place.string, "rev-parse", "main") == candidate.rawValue)
        try landing.finish(intent)
        // The usual way to have several work trees side by side.
        let tree = scene.state.path.appending("tree")
        try scene.user.git("-C", place.string, "worktree", "add", "-q", tree.string, "main")
        try scene.user.git("fetch", "-q", place.string, "main:arrived")
        let inTree = try scene.landing(around: tree)
        let second = try scene.candidate(["a.txt": .file("again\n")], on: "arrived")
        guard case .ready(let intent) = try inTree.prepare(scene.request(second)) else {
            Issue.record("not ready")
            return
        }
        #expect(intent.worktree == tree.string)
        #expect(try inTree.carryOut(intent) == .landed)
        #expect(try scene.user.git("-C", tree.string, "status", "--porcelain") == "")
        #expect(try scene.user.succeeds("-C", place.string, "fsck", "--strict"))
    }

    @Test(
        "it lands in a repository of SHA-256, a shallow one, and one that borrows its objects",
        arguments: ["sha256", "shallow", "reference"]
    )
    func otherRepositories(_ kind: String) throws {
        let origin = try TemporaryRepository()
        if kind == "sha256" {
            try origin.directory.remove(".git")
            try origin.git("init", "-q", "-b", "main", "--object-format=sha256")
            try origin.git("config", "user.name", "Author")
            try origin.git("config", "user.email", "author@example.org")
        }
        for text in ["1\n", "2\n"] {
            try origin.commit(
                "Start",
                ["a.txt": text, "b.txt": "b\n", "src/c.txt": "c\n", "prd.md": "- [ ] one\n"]
            )
        }
        let user = try TemporaryRepository()
        if kind != "sha256" {
            try user.git(
                "fetch",
                "-q",
                kind == "shallow" ? "--depth=1" : "--depth=2",
                "file://\(origin.path)",
                "main"
            )
            if kind == "reference" {
                try user.git("fetch", "-q", "--unshallow", "file://\(origin.path)", "main")
                try user.directory.write("\(origin.path)/.git/objects\n", to: ".git/objects/info/alternates")
                try user.git("repack", "-a", "-d", "-l", "-q")
            }
            try user.git("reset", "-q", "--hard", "FETCH_HEAD")
        }
        let scene = try LandingScene(user: kind == "sha256" ? origin : user)
        _ = try scene.landing().store.refresh(include: [])
        let candidate = try scene.candidate(LandingScene.work)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.status() == "")
        try scene.expectWhole()
    }
}
