import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import Testing

/// What the user did between a landing and the row that records it.
struct Aftermath: Sendable, CustomTestStringConvertible {
    enum Ending: Sendable { case isIn, isInOtherwise, thrownAway, notLanded, undecidable }

    let name: String
    let ending: Ending
    /// Whether a tick beside is still to be made.
    let owesTick: Bool
    let act: @Sendable (LandingScene) throws -> Void

    var testDescription: String { name }

    init(
        _ name: String,
        _ ending: Ending,
        owesTick: Bool = false,
        _ act: @escaping @Sendable (LandingScene) throws -> Void
    ) {
        self.name = name
        self.ending = ending
        self.owesTick = owesTick
        self.act = act
    }

    static let all: [Aftermath] = [
        Aftermath("nothing", .isIn, owesTick: true) { _ in },
        Aftermath("a commit on top", .isIn, owesTick: true) {
            try $0.user.commit("Mine", ["mine.txt": "m\n"])
        },
        Aftermath("a commit on top that changes the same lines", .isIn, owesTick: true) {
            try $0.user.commit("Mine", ["a.txt": "a changed again\n"])
        },
        Aftermath("revert", .isIn) { try $0.user.git("revert", "--no-edit", "HEAD") },
        Aftermath("amend of the message alone", .isInOtherwise, owesTick: true) {
            try $0.user.git("commit", "-q", "--amend", "-m", "Mine")
        },
        Aftermath("amend of the content", .isInOtherwise, owesTick: true) {
            try $0.user.directory.write("more\n", to: "more.txt")
            try $0.user.git("add", "more.txt")
            try $0.user.git("commit", "-q", "--amend", "-m", "Mine")
        },
        Aftermath("squash with the commit before", .isInOtherwise, owesTick: true) {
            try $0.user.git("reset", "-q", "--soft", "HEAD~2")
            try $0.user.git("commit", "-q", "-m", "All of it")
        },
        Aftermath("rebase", .isInOtherwise, owesTick: true) {
            try $0.user.git("switch", "-q", "-c", "side", "HEAD~2")
            try $0.user.commit("Side", ["side.txt": "s\n"])
            try $0.user.git("rebase", "-q", "side", "main")
        },
        Aftermath("reset away", .thrownAway) { try $0.user.git("reset", "-q", "--hard", "HEAD~1") },
        Aftermath("reset further", .thrownAway) { try $0.user.git("reset", "-q", "--hard", "HEAD~2") },
        Aftermath("dropped, with a commit on top kept", .thrownAway) {
            try $0.user.commit("Mine", ["mine.txt": "m\n"])
            try $0.user.git("rebase", "-q", "--onto", "HEAD~2", "HEAD~1")
        },
        Aftermath("the branch renamed", .undecidable) { try $0.user.git("branch", "-m", "main", "trunk") },
    ]
}

@Suite("What became of a landing", .serialized, .timeLimit(.minutes(5)))
struct LandingEvidenceTests {
    @Test("a landing without its row is judged by what the user made of it", arguments: Aftermath.all)
    func judges(_ aftermath: Aftermath) throws {
        let scene = try LandingScene()
        try scene.user.commit("Before", ["before.txt": "b\n"])
        var work = LandingScene.work
        work["prd.md"] = nil
        let intent = try scene.intent(for: scene.candidate(work), tick: .beside)
        try scene.kill(at: .unlocked, intent)
        try aftermath.act(scene)
        let files = try scene.files()
        let recovery = try scene.landing().recover(intent)
        switch (aftermath.ending, recovery) {
        case (.isIn, .landed(intent.candidate, let isTickOwed)): #expect(isTickOwed == aftermath.owesTick)
        case (.isInOtherwise, .landed(let commit, let isTickOwed)):
            #expect(commit != intent.candidate && isTickOwed == aftermath.owesTick)
        case (.thrownAway, .thrownAway), (.notLanded, .notLanded), (.undecidable, .undecidable): break
        default: Issue.record("\(recovery)")
        }
        #expect(try scene.files() == files)
        if aftermath.ending == .thrownAway {
            #expect(try scene.landing().carryOut(intent) == .thrownAway)
        }
        try scene.expectWhole()
    }

    @Test("a tick in the commit is never owed, whatever the user did", arguments: [false, true])
    func tickInCommit(_ isReverted: Bool) throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .merged, intent)
        #expect(try scene.landing().recover(intent) == .landed(commit: intent.candidate, isTickOwed: false))
        if isReverted {
            try scene.user.git("revert", "--no-edit", "HEAD")
            #expect(
                try scene.landing().recover(intent) == .landed(commit: intent.candidate, isTickOwed: false)
            )
        }
    }

    @Test("the same change by the user's own hand is done with no new commit")
    func doneByOthers() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate([
            "a.txt": .file("a changed\n"), "prd.md": .file("- [x] one\n- [ ] two\n"),
        ])
        let intent = try scene.intent(for: candidate)
        try scene.user.commit("Mine", ["a.txt": "a changed\n"])
        #expect(try scene.landing().recover(intent) == .landed(commit: nil, isTickOwed: true))
    }

    @Test("a graft by git replace does not hide that it landed")
    func replaced() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(LandingScene.work)
        let intent = try scene.intent(for: candidate)
        #expect(try scene.landing().carryOut(intent) == .landed)
        let top = try scene.user.commit("Mine")
        try scene.user.git("replace", "--graft", top.rawValue, "HEAD~2")
        #expect(try scene.landing().recover(intent) == .landed(commit: candidate, isTickOwed: false))
    }

    @Test("a landing undone by git revert is told from a box that was unticked by hand")
    func standing() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(LandingScene.work)
        #expect(try scene.land(candidate) == .landed)
        try scene.user.commit("Untick", ["prd.md": "- [ ] one\n- [ ] two\n"])
        #expect(try scene.standing(of: candidate) == .stillIn)
        try scene.user.commit("Go on", ["a.txt": "a changed more\n"])
        #expect(try scene.standing(of: candidate) == .stillIn)
        try scene.user.git("reset", "-q", "--hard", candidate.rawValue)
        try scene.user.git("revert", "--no-edit", "HEAD")
        #expect(try scene.standing(of: candidate) == .undone)
        try scene.user.git("revert", "--no-edit", "HEAD")
        #expect(try scene.standing(of: candidate) == .stillIn)
        try scene.user.git("reset", "-q", "--hard", "\(candidate)~1")
        #expect(try scene.standing(of: candidate) == .undone)
    }

    @Test("a commit of the tick alone is undone when it is reverted")
    func standingOfTick() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(["prd.md": .file("- [x] one\n- [ ] two\n")])
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.standing(of: candidate) == .stillIn)
        try scene.user.git("revert", "--no-edit", "HEAD")
        #expect(try scene.standing(of: candidate) == .undone)
    }
}

extension LandingScene {
    func standing(of commit: ObjectID) throws -> Standing {
        try landing().standing(of: commit, target: "refs/heads/main", prdPath: RepositoryPath(Self.prd))
    }
}
