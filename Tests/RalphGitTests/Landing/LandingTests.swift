import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Landing", .serialized, .timeLimit(.minutes(5)))
struct LandingTests {
    @Test("a candidate lands in the checkout: files, index and branch together")
    func lands() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(LandingScene.work)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.tip() == candidate)
        #expect(try scene.status() == "")
        #expect(try scene.user.directory.read("prd.md") == "- [x] one\n- [ ] two\n")
        #expect(try scene.user.git("for-each-ref", "refs/ralph") == "")
        try scene.expectWhole()
    }

    @Test("what every merge overwrites is kept: ORIG_HEAD, the message of a pick", arguments: [true, false])
    func keepsNotes(_ isRefused: Bool) throws {
        let scene = try LandingScene()
        let first = try scene.tip()
        try scene.user.commit("Second")
        try scene.user.git("update-ref", "ORIG_HEAD", first.rawValue)
        try scene.user.directory.write("Pick it\n", to: ".git/MERGE_MSG")
        if isRefused { try scene.user.directory.write("mine\n", to: "a.txt") }
        let result = try scene.land(scene.candidate(LandingScene.work))
        #expect((result == .landed) != isRefused)
        #expect(try scene.user.resolve("ORIG_HEAD") == first)
        #expect(try scene.user.directory.read(".git/MERGE_MSG") == "Pick it\n")
    }

    @Test("what the store has in a pack is brought too")
    func bringsPacks() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(LandingScene.work)
        try scene.inStore(["update-ref", "refs/keep", candidate.rawValue])
        try scene.inStore(["repack", "-a", "-d", "-l", "-q"])
        #expect(try scene.land(candidate) == .landed)
        try FileManager.default.removeItem(atPath: scene.store.string)
        try scene.expectWhole()
    }

    @Test(
        "a store on another file system: objects are copied",
        .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm"))
    )
    func otherFileSystem() throws {
        let scene = try LandingScene()
        let candidate = try scene.candidate(LandingScene.work)
        let place = "/dev/shm/\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let objects = scene.store.string + "/objects"
        try FileManager.default.moveItem(atPath: objects, toPath: place)
        try FileManager.default.createSymbolicLink(atPath: objects, withDestinationPath: place)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.status() == "")
        try scene.expectWhole()
    }

    @Test("two in a row: the second, built on the first, lands on it")
    func twoInARow() throws {
        let scene = try LandingScene()
        let first = try scene.candidate(["a.txt": .file("1\n"), "prd.md": .file("- [x] one\n- [ ] two\n")])
        #expect(try scene.land(first) == .landed)
        let second = try scene.candidate(["a.txt": .file("2\n"), "prd.md": .file("- [x] one\n- [x] two\n")])
        #expect(try scene.land(second) == .landed)
        #expect(try scene.user.directory.read("prd.md") == "- [x] one\n- [x] two\n")
        #expect(try scene.status() == "")
    }

    @Test(
        "an item appended right below the one that lands: the author's edit stays, and the work lands without the tick"
    )
    func appendedBelow() throws {
        let scene = try LandingScene()
        let edited = "- [ ] one\n- [ ] two\n- [ ] three\n"
        try scene.user.directory.write(edited, to: "prd.md")
        guard case .inTheWay(let obstacles) = try scene.land(scene.candidate(LandingScene.work)) else {
            Issue.record("landed over the author's edit")
            return
        }
        #expect(obstacles.isOnlyPRD)
        var work = LandingScene.work
        work["prd.md"] = nil
        #expect(try scene.land(scene.candidate(work), tick: .beside) == .landed)
        #expect(try scene.user.directory.read("prd.md") == edited)
        #expect(try scene.status() == " M prd.md")
    }

    @Test("a file saved between the intent and the landing asks for a new intent, and stays")
    func savedMeanwhile() throws {
        let scene = try LandingScene()
        let intent = try scene.intent(for: scene.candidate(LandingScene.work))
        try scene.user.directory.write("mine\n", to: "a.txt")
        try scene.expectUntouched {
            let result = try scene.landing().carryOut(intent)
            #expect(result == .moved(intent.expectedTip))
        }
        #expect(
            try scene.land(intent.candidate)
                == .inTheWay(Obstacles(paths: [RepositoryPath("a.txt")], prdPath: nil))
        )
    }
}
