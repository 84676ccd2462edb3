import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Landing in every condition of the user's repository", .serialized, .timeLimit(.minutes(5)))
struct LandingConditionTests {
    @Test(
        "lands, and what the candidate does not touch stays",
        arguments: Condition.configurations + Condition.elsewhere
    )
    func lands(_ condition: Condition) throws {
        let scene = try LandingScene(condition.files)
        try condition.arrange(scene)
        let files = try scene.files()
        let candidate = try scene.candidate(condition.work)
        #expect(try scene.land(candidate) == .landed)
        #expect(try scene.tip() == candidate)
        for (name, file) in try scene.files() where condition.work[name] == nil && !name.hasPrefix("deep") {
            #expect(files[name] == file, "\(name)")
        }
        for (name, file) in files where condition.work[name] == nil && file != "directory" {
            #expect(try scene.files()[name] != nil, "\(name)")
        }
        #expect(!scene.state.exists("ran"))
        try scene.expectWhole()
    }

    @Test("is refused, names what is in the way, and touches nothing", arguments: Condition.overlapping)
    func isInTheWay(_ condition: Condition) throws {
        let scene = try LandingScene(condition.files)
        try condition.arrange(scene)
        let candidate = try scene.candidate(condition.work)
        try scene.expectUntouched {
            let result = try scene.land(candidate)
            guard case .inTheWay(let obstacles) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(
                .inTheWay(obstacles.paths.map(\.description), onlyPRD: obstacles.isOnlyPRD)
                    == condition.ending
            )
            #expect(try scene.landing().obstacles(to: scene.request(candidate)) == obstacles)
        }
    }

    @Test("waits, and touches nothing", arguments: Condition.hindered)
    func waits(_ condition: Condition) throws {
        let scene = try LandingScene(condition.files)
        try condition.arrange(scene)
        let candidate = try scene.candidate(condition.work)
        try scene.expectUntouched {
            let result = try scene.land(candidate)
            guard case .busy = result else {
                Issue.record("\(result)")
                return
            }
        }
    }
}

extension LandingScene {
    /// Files, index, branch, stash and locks are afterwards as before.
    func expectUntouched(_ body: () throws -> Void) throws {
        let files = try files()
        let staged = try user.git("ls-files", "-s", "-v", "--full-name")
        let refs = try user.git("for-each-ref")
        let locks = try locks()
        try body()
        #expect(try self.files() == files)
        #expect(try user.git("ls-files", "-s", "-v", "--full-name") == staged)
        #expect(try user.git("for-each-ref") == refs)
        #expect(try self.locks() == locks)
        #expect(try user.succeeds("fsck", "--strict", "--no-dangling"))
    }

    private func locks() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: user.path.string + "/.git")
            .filter { $0.hasSuffix(".lock") || $0.contains("index.ralph") }.sorted()
    }
}
