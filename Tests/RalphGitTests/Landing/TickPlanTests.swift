import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Where the tick goes", .serialized, .timeLimit(.minutes(5)))
struct TickPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var prd = LandingScene.prd
        /// The path in the commit; nil when the tick goes beside.
        let path: String?
        let arrange: @Sendable (LandingScene) throws -> Void
        var testDescription: String { name }

        static let all: [Case] = [
            Case(name: "tracked and clean", path: "prd.md") { _ in },
            Case(name: "executable", path: "prd.md") {
                try chmod($0, 0o755)
                try $0.user.commit("Executable")
            },
            Case(name: "in a directory, through a link to it", prd: "link/prd.md", path: "docs/prd.md") {
                try $0.user.commit("Docs", ["docs/prd.md": "- [ ] one\n"])
                try FileManager.default.createSymbolicLink(
                    atPath: $0.user.path.string + "/link",
                    withDestinationPath: "docs"
                )
            },
            Case(name: "a tracked link to a tracked file", prd: "link.md", path: "prd.md") {
                try FileManager.default.createSymbolicLink(
                    atPath: $0.user.path.string + "/link.md",
                    withDestinationPath: "prd.md"
                )
                try $0.user.commit("Link")
            },
            Case(name: "modified", path: nil) {
                try $0.user.directory.write("- [ ] one\n- [ ] three\n", to: "prd.md")
            },
            Case(name: "modified and staged", path: nil) {
                try $0.user.directory.write("- [ ] one\n- [ ] three\n", to: "prd.md")
                try $0.user.git("add", "prd.md")
            },
            Case(name: "untracked", prd: "mine.md", path: nil) {
                try $0.user.directory.write("- [ ] one\n", to: "mine.md")
            },
            Case(name: "ignored", prd: "mine.log", path: nil) {
                try $0.user.directory.write("- [ ] one\n", to: "mine.log")
            },
            Case(name: "outside", prd: "../\(UUID().uuidString).md", path: nil) {
                try $0.state.write("- [ ] one\n", to: "prd.md")
                let outside = "\($0.user.path)/../outside-\(UUID().uuidString)"
                _ = outside
            },
            Case(name: "a link out of the tree", prd: "out.md", path: nil) {
                try $0.state.write("- [ ] one\n", to: "prd.md")
                try FileManager.default.createSymbolicLink(
                    atPath: $0.user.path.string + "/out.md",
                    withDestinationPath: $0.state.path.string + "/prd.md"
                )
                try $0.user.commit("Link")
            },
            Case(name: "for its owner alone", path: nil) { try chmod($0, 0o600) },
            Case(name: "with a second name", path: nil) {
                try FileManager.default.linkItem(
                    atPath: $0.user.path.string + "/prd.md",
                    toPath: $0.state.path.string + "/prd.md"
                )
            },
            Case(name: "line endings are converted", path: nil) {
                try $0.user.git("config", "core.autocrlf", "true")
            },
            Case(name: "the target is checked out nowhere", path: nil) {
                try $0.user.git("switch", "-q", "-c", "other")
            },
            Case(name: "a merge is in progress", path: nil) {
                try $0.user.directory.write("\(try $0.tip())\n", to: ".git/MERGE_HEAD")
            },
        ]

        private static func chmod(_ scene: LandingScene, _ mode: Int) throws {
            let path = scene.user.path.string + "/prd.md"
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
    }

    @Test(
        "into the commit only where the author's file stays what it is but for the box",
        arguments: Case.all
    )
    func decides(_ example: Case) throws {
        let scene = try LandingScene()
        try example.arrange(scene)
        let landing = try scene.landing()
        guard case .found(let target) = try landing.target("refs/heads/main") else {
            Issue.record("no target")
            return
        }
        switch try landing.tickPlan(prd: scene.user.path.appending(example.prd), target: target) {
        case .inCommit(let tracked):
            #expect(tracked.path.description == example.path)
            #expect(tracked.content == Array(try scene.user.directory.bytes(of: tracked.path.description)))
        case .beside: #expect(example.path == nil)
        }
    }

    @Test("the PRD is not read while its checkout is elsewhere or in the middle of something")
    func notRead() throws {
        let scene = try LandingScene()
        let prd = scene.user.path.appending("prd.md")
        func obstacle() throws -> String? { try scene.landing().prdObstacle(prd, target: "refs/heads/main") }
        #expect(try obstacle() == nil)
        try scene.user.git("switch", "-q", "-c", "other")
        #expect(try obstacle() != nil)
        try scene.user.git("switch", "-q", "main")
        try scene.user.directory.write("\(try scene.tip())\n", to: ".git/MERGE_HEAD")
        #expect(try obstacle() != nil)
        let untracked = try scene.user.directory.write("- [ ] one\n", to: "mine.md")
        #expect(try scene.landing().prdObstacle(untracked, target: "refs/heads/main") == nil)
    }
}
