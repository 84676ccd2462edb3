import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Recovery of an interrupted landing", .serialized, .timeLimit(.minutes(5)))
struct LandingRecoveryTests {
    private static let steps: [LandingStep] = [
        .begun, .objectsBrought, .pinned, .locked, .indexCopied, .merged, .indexPublished, .unlocked,
    ]

    /// Files of the user's that no candidate touches.
    static func occupied() throws -> LandingScene {
        let scene = try LandingScene(["mine.txt": "m\n", "staged.txt": "s\n"])
        try scene.user.directory.write("dirty\n", to: "mine.txt")
        try scene.user.directory.write("staged\n", to: "staged.txt")
        try scene.user.git("add", "staged.txt")
        try scene.user.directory.write("untracked\n", to: "src/notes.txt")
        try scene.user.directory.write("ignored\n", to: "src/build.log")
        try scene.user.directory.write("intended\n", to: "intended.txt")
        try scene.user.git("add", "-N", "intended.txt")
        return scene
    }

    /// What was begun ends, and then it has landed exactly once.
    static func expectLandsOnce(
        _ scene: LandingScene,
        _ intent: LandingIntent,
        files: [String: String],
        status: String,
        _ comment: Comment? = nil
    ) throws {
        switch try scene.landing().recover(intent) {
        case .landed(let commit, let isTickOwed):
            #expect(commit == intent.candidate && !isTickOwed, comment)
        case .notLanded:
            #expect(try scene.tip() == intent.expectedTip, comment)
            #expect(try scene.files() == files, comment)
            #expect(try scene.status() == status, comment)
            try scene.expectWhole(comment)
            #expect(try scene.land(intent.candidate) == .landed, comment)
        case let other: Issue.record("\(comment.map { "\($0)" } ?? ""): \(other)")
        }
        #expect(try scene.tip() == intent.candidate, comment)
        #expect(try scene.status() == status, comment)
        for (name, file) in try scene.files() where LandingScene.work[name] == nil && !name.hasPrefix("deep")
        {
            #expect(files[name] == file, comment)
        }
        #expect(
            try scene.landing().recover(intent) == .landed(commit: intent.candidate, isTickOwed: false),
            comment
        )
        try scene.landing().finish(intent)
        try scene.expectWhole(comment)
    }

    @Test("killed between two of our own steps, it lands exactly once", arguments: steps)
    func killedAt(_ step: LandingStep) throws {
        let scene = try Self.occupied()
        let files = try scene.files()
        let status = try scene.status()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: step, intent)
        try Self.expectLandsOnce(scene, intent, files: files, status: status)
    }

    @Test(
        "killed where the branch is checked out nowhere, it lands exactly once",
        arguments: steps.filter { $0 < .locked || $0 == .merged }
    )
    func killedNowhere(_ step: LandingStep) throws {
        let scene = try LandingScene()
        let intent = try { () throws in
            try scene.user.git("switch", "-q", "-c", "other")
            return try scene.intent(for: scene.candidate(LandingScene.work))
        }()
        try scene.kill(at: step, intent)
        let recovery = try scene.landing().recover(intent)
        if step < .merged {
            #expect(recovery == .notLanded)
            #expect(try scene.landing().carryOut(intent) == .landed)
        } else {
            #expect(recovery == .landed(commit: intent.candidate, isTickOwed: false))
        }
        #expect(try scene.tip() == intent.candidate)
        #expect(try scene.status() == "")
        #expect(try scene.user.directory.read("a.txt") == "a\n")
        try scene.landing().finish(intent)
        try scene.expectWhole()
    }

    @Test("the lock that a killed git left on a pin of ours is in nobody's way")
    func staleLockOnPin() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        let pin = ".git/refs/ralph/test/landing/\(intent.iteration)"
        try scene.user.directory.write("", to: pin + ".lock")
        #expect(try scene.landing().carryOut(intent) == .landed)
        #expect(scene.user.directory.exists(pin))
        try scene.landing().finish(intent)
        #expect(!scene.user.directory.exists(pin))
        try scene.expectWhole()
    }

    @Test("killed while it was putting back, it is put back")
    func killedWhilePuttingBack() throws {
        let scene = try Self.occupied()
        let files = try scene.files()
        let status = try scene.status()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .indexCopied, intent)
        try scene.halfWrite(intent)
        var landing = try scene.landing()
        landing.atStep = { step throws(Failure) in
            if step == .putBack { throw Failure(.internalError, "killed") }
        }
        #expect(throws: Failure.self) { try landing.recover(intent) }
        try Self.expectLandsOnce(scene, intent, files: files, status: status)
    }

    @Test("a half-written work tree is put back, with the locks of the git that died")
    func halfWritten() throws {
        let scene = try Self.occupied()
        let files = try scene.files()
        let status = try scene.status()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .indexCopied, intent)
        try scene.halfWrite(intent)
        try scene.user.directory.write("", to: ".git/HEAD.lock")
        try scene.user.directory.write("\(intent.candidate)\n", to: ".git/refs/heads/main.lock")
        try scene.user.directory.write("x", to: ".git/index.ralph.lock")
        try Self.expectLandsOnce(scene, intent, files: files, status: status)
    }

    @Test("the user's own edits since the crash stay")
    func editsStay() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .indexCopied, intent)
        try scene.halfWrite(intent)
        try scene.user.directory.write("a changed\nand mine\n", to: "a.txt")
        try scene.user.directory.write("mine\n", to: "deep/mine.txt")
        #expect(try scene.landing().recover(intent) == .notLanded)
        #expect(try scene.user.directory.read("a.txt") == "a changed\nand mine\n")
        #expect(try scene.user.directory.read("deep/mine.txt") == "mine\n")
        #expect(try scene.status() == " M a.txt\n?? deep/")
        try scene.landing().finish(intent)
        try scene.expectWhole()
    }

    @Test("a lock that the user removed by hand, and committed over, does no harm")
    func lockRemovedByHand() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .indexCopied, intent)
        try scene.user.directory.write("a changed\n", to: "a.txt")
        try scene.user.directory.write("new\n", to: "new.txt")
        try scene.user.directory.remove("b.txt")
        try scene.user.directory.remove(".git/index.lock")
        try scene.user.git("add", "a.txt", "new.txt")
        try scene.user.git("commit", "-q", "-m", "Mine")
        #expect(try scene.landing().recover(intent) == .notLanded)
        #expect(try scene.user.directory.read("a.txt") == "a changed\n")
        #expect(try scene.user.directory.read("new.txt") == "new\n")
        #expect(try scene.status() == "")
        #expect(try scene.landing().carryOut(intent) == .moved(scene.tip()))
    }

    @Test("a lock of the user's own is waited for, and nothing is touched meanwhile")
    func foreignLock() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .indexCopied, intent)
        try scene.halfWrite(intent)
        try scene.user.directory.write("", to: ".git/index.lock")
        let files = try scene.files()
        guard case .undecidable = try scene.landing().recover(intent) else {
            Issue.record("recovered under a foreign lock")
            return
        }
        #expect(try scene.files() == files)
        #expect(scene.user.directory.exists(".git/index.lock"))
        try scene.user.directory.remove(".git/index.lock")
        #expect(try scene.landing().recover(intent) == .notLanded)
        #expect(try scene.status() == "")
    }

    @Test("a lock on HEAD that is older than the landing is never removed")
    func olderLock() throws {
        let scene = try LandingScene()
        try scene.user.directory.write("", to: ".git/HEAD.lock")
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: .pinned, intent)
        #expect(try scene.landing().recover(intent) == .notLanded)
        guard case .busy = try scene.landing().carryOut(intent) else {
            Issue.record("landed under a foreign lock")
            return
        }
        #expect(scene.user.directory.exists(".git/HEAD.lock"))
    }

    @Test(
        "garbage collected by the user in the middle of it, it lands all the same",
        arguments: [LandingStep.objectsBrought, .pinned, .locked]
    )
    func collected(_ step: LandingStep) throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.kill(at: step, intent)
        for ref in try scene.user.git("for-each-ref", "--format=%(refname)", "refs/ralph").split(
            separator: "\n"
        ) {
            try scene.user.git("update-ref", "-d", String(ref))
        }
        try scene.user.git("gc", "-q", "--prune=now")
        try Self.expectLandsOnce(scene, intent, files: scene.files(), status: "")
    }

    @Test("a git of an earlier life is waited for, and not killed")
    func waitsForLeftover() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "echo ready; read line; touch done", "ralphd.landing=\(intent.uuid)"]
        process.currentDirectoryURL = URL(filePath: scene.state.path.string)
        let pipe = Pipe()
        process.standardInput = pipe
        let answers = Pipe()
        process.standardOutput = answers
        try process.run()
        // It is a leftover once its program runs under that name.
        #expect(try answers.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
        var landing = try scene.landing()
        landing.leftoverPatience = .milliseconds(1)
        guard case .undecidable = try landing.recover(intent) else {
            Issue.record("did not wait")
            return
        }
        try pipe.fileHandleForWriting.close()
        #expect(try scene.landing().recover(intent) == .notLanded)
        process.waitUntilExit()
        #expect(scene.state.exists("done"))
    }
}

extension LandingScene {
    /// Carries out until the step, and leaves everything there as a kill of the daemon would.
    func kill(at step: LandingStep, _ intent: LandingIntent) throws {
        var landing = try landing()
        landing.atStep = { reached throws(Failure) in
            if reached == step { throw Failure(.internalError, "killed") }
        }
        #expect(throws: Failure.self) { try landing.carryOut(intent) }
    }

    /// What a git killed in the middle of the usual work leaves: written, begun, empty, removed, and not reached.
    func halfWrite(_ intent: LandingIntent) throws {
        let user = user.directory
        for name in ["a.txt", "b.txt", "src/c.txt", "prd.md"] { try user.remove(name) }
        try user.write("a changed\n", to: "a.txt")
        try user.write("c chang", to: "src/c.txt")
        try user.write("", to: "new.txt")
        try user.write("#!/bin", to: "deep/er/new.sh")
    }
}
