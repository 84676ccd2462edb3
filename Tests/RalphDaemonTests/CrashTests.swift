import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@Suite("a daemon that is killed", .timeLimit(.minutes(5)))
struct CrashTests {
    private static let keys = ["a", "b", "c", "d", "e"]

    @Test("traps 4 and 17: killed at ten random instants, every item lands exactly once")
    func killedAtRandomInstants() throws {
        let project = try Project(
            Self.keys.map { "- [ ] Item \($0) {#\($0)}" }.joined(separator: "\n"),
            script: "item *\n  write {item}.txt\n    | {title}\n  daemon 60\n  sleep 0.1",
            checks: "[\"sleep 0.05\"]"
        )
        // Three deaths in a row of the daemon would block an item: after two of them it is let through.
        var (landed, deaths) = (0, 0)
        for _ in 0..<10 {
            let daemon = try project.start()
            if deaths >= 2, landed < Self.keys.count {
                try wait(for: "an item to land") { try done(project) > landed || !daemon.isRunning }
            }
            usleep(.random(in: 0..<700_000))
            daemon.send(SIGKILL)
            _ = daemon.wait()
            let now = try done(project)
            // The life that landed one item may have died in the next one.
            (landed, deaths) = (now, now > landed ? 1 : deaths + 1)
        }
        let ending = try project.run()
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(try project.landedItems().sorted() == Self.keys)
        #expect(try project.boxes() == [true, true, true, true, true])
        #expect(try project.repository.git("status", "--porcelain") == "")
        let outcomes = try project.outcomes()
        #expect(outcomes.filter { $0.hasSuffix(" landed") }.sorted() == Self.keys.map { "\($0) landed" })
        #expect(outcomes.allSatisfy { $0.hasSuffix(" landed") || $0.hasSuffix(" interrupted") })
        for row in try project.history().iterations(limit: 100) where row.outcome == .landed {
            let commit = try #require(row.commit)
            #expect(try project.repository.succeeds("merge-base", "--is-ancestor", commit.rawValue, "main"))
        }
    }

    private func done(_ project: Project) throws -> Int { try project.boxes().filter { $0 }.count }

    @Test("green work whose checks were cut off is landed by the next life", arguments: [SIGKILL, SIGTERM])
    func killedDuringChecks(signal: Int32) throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  write a.txt\n    | a\n  run echo >> {place}/runs",
            checks: """
                ["if [ $RALPH_STAGE = checks ] && mkdir {place}/once; then while ! [ -e {place}/go ]; do sleep 0.01; done; fi"]
                """
        )
        let daemon = try project.start()
        try wait(for: "the checks to run") { project.place.exists("once") }
        daemon.send(signal)
        _ = daemon.wait()
        try project.place.write("", to: "go")
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.boxes() == [true])
    }
}
