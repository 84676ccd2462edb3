import Foundation
import RalphCore
import RalphProcess
import RalphTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import RalphReport

/// Readers beside the real daemon.
@Suite("reading along", .timeLimit(.minutes(5)))
struct FollowTests {
    @Test("log -f of an item shows each try readable, with its checks, until the item is done")
    func follow() throws {
        let project = try Project(
            "- [ ] One {#a}",
            script: """
                item #a
                try 1
                  run touch {place}/started
                  say First words.
                  write a.txt
                    | wrong
                  wait-for {place}/go
                try 2
                  say Second words.
                  write a.txt
                    | right
                """,
            checks: "[{name: right, run: \"! [ -e a.txt ] || grep -q right a.txt\"}]"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        let reader = try DaemonProcess(
            "ralphctl",
            ["log", "a", "-f", "--state-dir", project.state.string],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        )
        try project.place.write("", to: "go")
        let ending = reader.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        let lines = ending.output.split(separator: "\n").map(String.init)
        let marks = [
            "── #a try 1", "First words.", "right failed", "── checks failed", "── #a try 2", "Second words.",
            "── landed",
        ]
        var rest = lines[...]
        for mark in marks {
            let place = try #require(rest.firstIndex { $0.contains(mark) }, "\(mark) in \(ending.output)")
            rest = rest[(place + 1)...]
        }
        #expect(!ending.output.contains("{\"type\""))
        #expect(ending.errors.contains("a is done"))
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test("the report tells what landed and what it took")
    func report() throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}")
        #expect(try project.run().status == 0)
        let text = try project.ctl("report", "--since", "1h").output
        #expect(text.contains("2 landed since"))
        #expect(text.contains("#a \"One\""))
        let json = try project.ctl("report", "--json").output
        #expect(json.contains("\"landed_count\" : 2"))
    }

    @Test("an item that was skipped while others wait for it is told")
    func skipped() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b after=a}\n- [ ] Three {#c}",
            script: "item #a\n  run touch {place}/started\n  wait-for {place}/go"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        #expect(try project.ctl("skip", "c").status == 0)
        #expect(try project.ctl("status").status == 0)
        #expect(try project.ctl("skip", "a").status == 0)
        try wait(for: "it to be passed by") { try project.item("a").state == .blocked }
        let status = try project.ctl("status")
        #expect(status.status == 3)
        #expect(status.output.contains("skipped by you, and others wait for it"), "\(status.output)")
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test(
        "whoever follows a log whose middle is left out meanwhile misses nothing unsaid, and reads nothing twice"
    )
    func compacted() async throws {
        let place = try TemporaryDirectory()
        let path = place.path.appending("log")
        let bound = 8 << 10
        let isOver = Mutex(false)
        let writer = Thread {
            guard var log = try? BoundedLog(at: path, limit: bound) else { return }
            for number in 0..<40_000 {
                try? log.append(Array("line \(number)\n".utf8)[...])
                if number % 1000 == 0 { Thread.sleep(forTimeInterval: 0.002) }
            }
            isOver.withLock { $0 = true }
        }
        writer.start()
        let bytes = LogFileBytes(path: path, offset: 0, bound: bound, clock: ContinuousClock()) {
            isOver.withLock { $0 }
        }
        var text: [UInt8] = []
        for try await piece in bytes { text += piece }
        let written = (0..<40_000).reduce(0) { $0 + "line \($1)\n".utf8.count }
        var (read, missing, last) = (0, 0, -1)
        var isAfterGap = false
        let lines = String(decoding: text, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("[... ") {
                missing += try #require(Int(line.split(separator: " ")[1]))
                // The line end before it is its own.
                read -= 1
                isAfterGap = true
                continue
            }
            read += line.utf8.count + 1
            // Cut off by the gap, or the end.
            if index + 1 == lines.count || lines[index + 1].hasPrefix("[... ") { continue }
            let number = try #require(Int(line.dropFirst(5)), "\(line)")
            #expect(isAfterGap ? number > last : number == last + 1)
            (last, isAfterGap) = (number, false)
        }
        #expect(last == 39_999)
        #expect(read - 1 + missing == written)
    }
}
