import Foundation
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

/// `ralphctl watch` on a real terminal, beside the real daemon.
@Suite("the live screen", .timeLimit(.minutes(5)))
struct WatchTests {
    private static let enter = "\u{1B}[?1049h"
    private static let leave = "\u{1B}[?1049l"

    /// A watch that shows its first picture.
    private struct Watch {
        let project: Project
        let daemon: DaemonProcess
        let terminal: PseudoTerminal
        let before: [UInt8]
        let process = Process()

        init() throws {
            project = try Project(
                "- [ ] One {#a}",
                script: "item #a\n  run touch {place}/started\n  write a.txt\n    | a\n  wait-for {place}/go"
            )
            daemon = try project.start(untilDone: false)
            try wait(for: "the agent to start") { [project] in project.place.exists("started") }
            terminal = try PseudoTerminal(columns: 80, rows: 24)
            before = terminal.settings
            process.executableURL = URL(filePath: DaemonProcess.programs.appending("ralphctl").string)
            process.arguments = ["watch", "--state-dir", project.state.string]
            process.environment = project.environment.merging(["TERM": "xterm-256color"]) { $1 }
            process.standardInput = terminal.slave
            process.standardOutput = terminal.slave
            process.standardError = terminal.slave
            try process.run()
            try until("the first picture") { $0.contains("#a") && $0.contains("q quits") }
        }

        func until(_ what: String, _ isSo: (String) -> Bool) throws {
            try wait(for: what) { [terminal] in
                _ = terminal.read()
                return isSo(terminal.shown)
            }
        }

        /// The terminal is as it was.
        func assertGivenBack() throws {
            process.waitUntilExit()
            _ = terminal.read()
            #expect(terminal.settings == before)
            #expect(terminal.shown.components(separatedBy: WatchTests.leave).count == 2)
            #expect(terminal.shown.contains("\u{1B}[?25h"))
            #expect(terminal.shown.contains("\u{1B}[?7h"))
        }

        func end() throws {
            try project.place.write("", to: "go")
            daemon.send(SIGTERM)
            #expect(daemon.wait().status == 0)
        }
    }

    @Test("it shows the status and what happens, without drawing what stays, and q ends it")
    func live() throws {
        let watch = try Watch()
        #expect(watch.terminal.shown.hasPrefix(Self.enter))
        #expect(watch.terminal.settings != watch.before)
        // Every picture is one synchronized update.
        let starts = watch.terminal.shown.components(separatedBy: "\u{1B}[?2026h").count
        #expect(starts >= 2)
        try watch.project.place.write("", to: "go")
        try watch.until("the landing") { $0.contains("iteration ended: landed") }
        let wholes = watch.terminal.shown.components(separatedBy: "\u{1B}[2J").count
        #expect(wholes <= 3, "drawn whole \(wholes) times")
        watch.terminal.press("q")
        try watch.assertGivenBack()
        #expect(watch.process.terminationStatus == 0)
        try watch.end()
    }

    @Test("a new size is drawn at once, and no line is wider than the screen")
    func resize() throws {
        let watch = try Watch()
        _ = watch.terminal.read()
        let seen = watch.terminal.shown.count
        watch.terminal.resize(columns: 60, rows: 12)
        kill(watch.process.processIdentifier, SIGWINCH)
        try watch.until("the new picture") {
            $0.dropFirst(seen).contains("\u{1B}[2J") && $0.dropFirst(seen).contains("#a")
        }
        let rows = watch.terminal.shown.dropFirst(seen).matches(of: /\u{1B}\[(\d+);1H/).compactMap {
            Int($0.1)
        }
        #expect((rows.max() ?? 99) <= 12)
        watch.terminal.press("q")
        try watch.assertGivenBack()
        try watch.end()
    }

    @Test(
        "however it is ended, the terminal is as it was",
        arguments: [SIGINT, SIGTERM, SIGHUP, SIGABRT, SIGSEGV, SIGTRAP]
    )
    func ended(signal: Int32) throws {
        let watch = try Watch()
        kill(watch.process.processIdentifier, signal)
        try watch.assertGivenBack()
        #expect(watch.process.terminationReason == .uncaughtSignal)
        #expect(watch.process.terminationStatus == signal)
        try watch.end()
    }

    @Test("a stop gives the terminal back for as long as it lasts")
    func stopped() throws {
        let watch = try Watch()
        kill(watch.process.processIdentifier, SIGTSTP)
        try watch.until("the terminal to be given back") { $0.contains(Self.leave) }
        try wait(for: "the settings") { watch.terminal.settings == watch.before }
        kill(watch.process.processIdentifier, SIGCONT)
        try watch.until("the screen to be taken again") { $0.components(separatedBy: Self.enter).count == 3 }
        watch.terminal.press("q")
        watch.process.waitUntilExit()
        _ = watch.terminal.read()
        #expect(watch.terminal.settings == watch.before)
        try watch.end()
    }

    @Test("it goes on when the daemon is restarted")
    func restarted() throws {
        let watch = try Watch()
        watch.daemon.send(SIGTERM)
        #expect(watch.daemon.wait().status == 0)
        try watch.until("that the daemon is gone") { $0.contains("waiting for it") }
        try watch.project.place.write("", to: "go")
        let next = try watch.project.start(untilDone: false)
        try watch.until("the landing") { $0.contains("iteration ended: landed") }
        watch.terminal.press("q")
        try watch.assertGivenBack()
        next.send(SIGTERM)
        #expect(next.wait().status == 0)
    }

    @Test("while the daemon hangs it says so, and q ends it")
    func hung() throws {
        let watch = try Watch()
        watch.daemon.send(SIGSTOP)
        try watch.until("that the daemon hangs") { $0.contains("does not answer") }
        watch.terminal.press("q")
        try watch.assertGivenBack()
        #expect(watch.process.terminationStatus == 0)
        watch.daemon.send(SIGCONT)
        try watch.end()
    }

    @Test("without a daemon it says so and leaves the terminal alone")
    func noDaemon() throws {
        let project = try Project("- [ ] One {#a}")
        #expect(try project.run().status == 0)
        #expect(try project.ctl("watch").status == 69)
    }
}
