import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// `chaos/run`, and whether it can run here.
private enum Storm {
    static let driver = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("chaos").appending("run")
    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
}

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
        for _ in 0..<10 {
            let daemon = try project.start()
            usleep(.random(in: 0..<700_000))
            daemon.send(SIGKILL)
            _ = daemon.wait()
            // Should it have been the same item's agent three times running.
            for item in (try? project.history().items()) ?? [] where item.block != nil {
                let helper = try project.start(untilDone: false)
                try wait(for: "it to listen") { helper.errors.contains("ready") }
                try project.ctl("retry", item.item.key)
                helper.send(SIGTERM)
                _ = helper.wait()
            }
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

    @Test(
        "trap 17: killed between checks, landing, tick and row, it has landed once, is ticked and recorded",
        arguments: [
            FaultPoint.landingPrepared, .landingIntended, .landingMerged, .landingCarriedOut, .endDecided,
            .endWritten, .tickBegun, .tickWritten, .tickRenamed,
        ]
    )
    func killedBetween(point: FaultPoint) throws {
        let project = try Project("- [ ] Work {#a}")
        // A tick of its own is there only beside what the author has not committed.
        if point.rawValue.hasPrefix("tick.") {
            try project.repository.directory.write(project.prd() + "\nNot committed.\n", to: "PRD.md")
        }
        try project.die(at: point)
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.boxes() == [true])
        #expect(try project.item("a").state == .done)
        let landed = try project.iterations(of: "a").filter { $0.outcome == .landed }
        let tip = try project.repository.resolve("main")
        #expect(landed.compactMap(\.commit) == [tip])
        #expect(try project.outcomes().count { !$0.hasSuffix(" interrupted") } == 1)
    }

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

    @Test("an item whose agent takes the daemon down three times in a row is set aside, and the rest goes on")
    func deadlyAgent() throws {
        let project = try Project("- [ ] Deadly {#a}\n- [ ] Work {#b}", script: "item #a\n  hang")
        for _ in 1...3 { try project.die(at: .agentNoted) }
        #expect(try project.run().status == 3)
        let item = try project.item("a")
        #expect(item.state == .blocked)
        #expect(item.reason?.hasPrefix("ralphd died 3 times in a row while its agent ran") == true)
        #expect(item.strikes == 0)
        #expect(try project.outcomes() == ["a interrupted", "a interrupted", "a interrupted", "b landed"])
    }

    @Test(
        "deaths at which nothing of the item's ran, or after which more of its work is there, do not count against it"
    )
    func innocentItem() throws {
        let project = try Project("- [ ] Work {#a}")
        for point: FaultPoint in [
            .agentNoted, .agentNoted, .workspacePrepared, .agentNoted, .agentNoted, .promptWritten,
            .agentNoted,
            .agentEnded, .agentNoted, .landingIntended, .landingMerged,
        ] {
            try project.die(at: point)
        }
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.outcomes().last == "a landed")
    }

    @Test(
        "a restart whose PRD is gone or half-written goes on with the version that was in force",
        arguments: [nil, "---\nagent"]
    )
    func brokenPRD(text: String?) throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}")
        try project.die(at: .landingIntended)
        let whole = try project.prd()
        let file = project.repository.path.appending("PRD.md").string
        try FileManager.default.removeItem(atPath: file)
        if let text { try project.repository.directory.write(text, to: "PRD.md") }
        let daemon = try project.start(untilDone: false)
        try wait(for: "it to begin") { daemon.errors.contains("ready") }
        #expect(daemon.errors.contains("the PRD cannot be used as it is"))
        try project.repository.directory.write(whole, to: "PRD.md")
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
        #expect(try project.landedItems() == ["b", "a"])
    }

    @Test("a landing that nobody can judge yet waits, says why, and is finished when the obstacle is gone")
    func undecidable() throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}")
        try project.die(at: .landingIndexCopied)
        // A git of the user's that died in its turn.
        try project.repository.directory.write("", to: ".git/index.lock")
        let daemon = try project.start(untilDone: false)
        try wait(for: "it to wait") { try project.item("a").block?.kind == .inTheWay }
        #expect(try project.item("a").reason?.contains("index.lock is there") == true)
        try FileManager.default.removeItem(atPath: project.repository.path.string + "/.git/index.lock")
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
        #expect(try project.landedItems().sorted() == ["a", "b"])
    }

    @Test("a tick that git wrote before it was killed, and that was taken back, is none by hand")
    func gitKilled() throws {
        let project = try Project("- [ ] One {#a}")
        let script = """
            #!/bin/sh
            case " $* " in *" merge --ff-only "*)
              for commit; do :; done
              if mkdir \(project.place.path)/once 2>/dev/null; then
                /usr/bin/git cat-file blob "$commit:PRD.md" > \(project.repository.path)/PRD.md
                sleep 0.3
                kill -9 $$
              fi;;
            esac
            exec /usr/bin/git "$@"

            """
        chmod(try project.place.write(script, to: "bin/git").string, 0o755)
        #expect(try project.run().status == 0)
        #expect(project.place.exists("once"))
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.landedItems() == ["a"])
        #expect(try project.boxes() == [true])
        try project.assertWhole()
    }

    @Test("what still is in a landing's way is seen without running a check again")
    func stillInTheWay() throws {
        let project = try Project(
            "- [ ] One {#a}",
            script: "item *\n  write bad\n    | mended\n  write notes.txt\n    | its",
            checks: "[\"echo x >> {place}/ran; grep mended bad\"]",
            files: ["bad": "bad\n"]
        )
        try project.repository.directory.write("mine\n", to: "notes.txt")
        let first = try project.start(untilDone: false)
        try wait(for: "it to wait") { first.errors.contains("notes.txt") }
        first.send(SIGTERM)
        #expect(first.wait().status == 0)
        let ran = try project.place.read("ran")
        let next = try project.start(untilDone: false)
        try wait(for: "it to look") { next.errors.contains("notes.txt") }
        #expect(try project.place.read("ran") == ran)
        try FileManager.default.removeItem(atPath: project.repository.path.string + "/notes.txt")
        try wait(for: "it to land") { try project.boxes() == [true] }
        next.send(SIGTERM)
        #expect(next.wait().status == 0)
        try project.assertWhole()
        #expect(try project.iterations(of: "a").count == 1)
    }

    @Test("a tick of a landing that died, saved again by the author, is not taken for one by hand")
    func savedTick() throws {
        let project = try Project("- [ ] One {#a}")
        try project.die(at: .landingIntended)
        let text = try project.prd().replacing("- [ ]", with: "- [x]") + "\nA thought.\n"
        try project.repository.directory.write(text, to: "PRD.md")
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.boxes() == [true])
        #expect(try project.prd().hasSuffix("\nA thought.\n"))
    }

    @Test("what a daemon that died in the middle of a tick left beside the PRD is removed")
    func leftBesidePRD() throws {
        let project = try Project("- [ ] One {#a}")
        try project.repository.directory.write(try project.prd() + "\nNot committed.\n", to: "PRD.md")
        try project.die(at: .tickWritten)
        #expect(try project.files().contains { $0.hasPrefix(".PRD.md.ralphd-") })
        #expect(try project.run().status == 0)
        #expect(try project.files() == ["PRD.md", "a.txt"])
        #expect(try project.boxes() == [true])
    }

    /// The short form of `make chaos`.
    @Test(
        "traps 4, 17, 22 and 30: thirty kills at named points and random instants break no promise",
        .enabled(if: Storm.isPossible)
    )
    func thirtyKills() throws {
        let place = try TemporaryDirectory("ralph-storm")
        let process = Process()
        process.executableURL = URL(filePath: Storm.driver.string)
        process.arguments = [
            "--kills", "30", "--items", "9", "--bin", DaemonProcess.programs.string, "--directory",
            place.path.string, "--patience", "120",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }
}
