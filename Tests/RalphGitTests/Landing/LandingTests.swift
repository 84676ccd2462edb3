import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Landing", .serialized, .timeLimit(.minutes(1)))
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
}
