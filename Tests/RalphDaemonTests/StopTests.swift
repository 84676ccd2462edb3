import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// Longer ones run with `make test-long`.
let runsLongTests = ProcessInfo.processInfo.environment["RALPH_LONG_TESTS"] != nil

@Suite("a stop", .timeLimit(.minutes(5)))
struct StopTests {
    private static let stubborn =
        "item *\n  write a.txt\n    | a\n  ignore-term\n  run touch {place}/on\n  hang"

    private func running(_ project: Project, _ daemon: DaemonProcess) throws {
        try wait(for: "the agent") {
            FileManager.default.fileExists(atPath: project.place.path.string + "/on")
        }
        #expect(daemon.isRunning)
    }

    /// Seconds that it takes to end.
    private func stop(_ daemon: DaemonProcess, _ signals: [Int32]) -> (
        ending: DaemonProcess.Ending, seconds: Double
    ) {
        let start = ContinuousClock.now
        for (index, signal) in signals.enumerated() {
            if index > 0 { try? wait(for: "the first to be heard") { daemon.errors.contains("stopping") } }
            daemon.send(signal)
        }
        let ending = daemon.wait()
        return (ending, (ContinuousClock.now - start) / .seconds(1))
    }

    @Test(
        "a second signal ends at once what ignores the first, and its work is kept all the same",
        arguments: [[SIGTERM, SIGTERM], [SIGINT, SIGINT]]
    )
    func second(signals: [Int32]) throws {
        let project = try Project("- [ ] Work {#a}", script: Self.stubborn)
        let daemon = try project.start(untilDone: false)
        try running(project, daemon)
        let (ending, seconds) = stop(daemon, signals)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(seconds < 8)
        #expect(ending.errors.contains("its work is kept"))
        #expect(try project.outcomes() == ["a interrupted"])
        #expect(try project.iterations(of: "a").first?.kept != nil)
        #expect(try project.item("a").strikes == 0)
        try project.assertWhole()
    }

    @Test("a client that follows the events, and one that never finishes its request, hold up no stop")
    func clients() throws {
        let project = try Project("- [x] Done")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the daemon to be ready") { daemon.errors.contains("ready") }
        let socket = try #require(
            FileManager.default.enumerator(atPath: project.place.path.string)?.compactMap { $0 as? String }
                .first { $0.hasSuffix("ralphd.sock") }
        )
        let path = project.place.path.appending(socket).string
        let followers = try [
            "GET /v1/events HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n", "POST /v1/pause HTTP/1.1\\r\\nContent-Le",
        ].map {
            try DaemonProcess(
                "/usr/bin/python3",
                [
                    "-c",
                    """
                    import socket, sys, time
                    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode().decode('unicode_escape').encode())
                    print('on', flush=True); time.sleep(60)
                    """, path, $0,
                ],
                environment: project.environment,
                directory: project.place.path,
                logs: project.place.path.appending("logs")
            )
        }
        for follower in followers { try wait(for: "a client") { follower.output.contains("on") } }
        let (ending, seconds) = stop(daemon, [SIGTERM])
        for follower in followers { follower.send(SIGKILL) }
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(seconds < 6)
        try project.assertWhole()
    }

    @Test("a git that hangs is ended with the second signal, and the next start goes on from there")
    func hangingGit() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  write a.txt\n    | a\n  run touch {place}/on"
        )
        let git = try project.place.write(
            "#!/bin/sh\nif [ -e \(project.place.path)/on ] && [ ! -e \(project.place.path)/off ]; then sleep 300; fi\nexec /usr/bin/git \"$@\"\n",
            to: "bin/git"
        )
        chmod(git.string, 0o755)
        let daemon = try project.start(untilDone: false)
        try running(project, daemon)
        let (ending, seconds) = stop(daemon, [SIGTERM, SIGTERM])
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(seconds < 12)
        try project.place.write("", to: "off")
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.outcomes().last == "a landed")
    }

    @Test("--until-done waits for the commands after the last landing; a stop ends them")
    func afterLanding() throws {
        for isStopped in [false, true] {
            let project = try Project("- [ ] Work {#a}", script: "item *\n  write a.txt\n    | a")
            let hook =
                "touch \(project.place.path)/on; sleep \(isStopped ? 300 : 1); touch \(project.place.path)/pushed"
            try project.place.write("after-landing: [\"\(hook)\"]\n", to: "host.yaml")
            let daemon = try project.start("--config", project.place.path.string + "/host.yaml")
            if isStopped {
                try running(project, daemon)
                let (ending, seconds) = stop(daemon, [SIGTERM])
                #expect(ending.status == 0, "\(ending.errors)")
                #expect(seconds < 8)
            } else {
                #expect(daemon.wait().status == 0)
            }
            #expect(project.place.exists("pushed") == !isStopped)
            try project.assertWhole()
        }
    }

    @Test("commands after a landing that fail are no strike, and status, report, show and history say so")
    func afterLandingFails() throws {
        let project = try Project("- [ ] Work {#a}", script: "item *\n  write a.txt\n    | a")
        try project.place.write("after-landing: [\"echo no route; exit 3\"]\n", to: "host.yaml")
        #expect(try project.run("--config", project.place.path.string + "/host.yaml").status == 0)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.item("a").strikes == 0)
        for screen in [["status"], ["report"], ["show", "a"], ["history"]] {
            let text = try project.ctl(screen).output.replacing("\n", with: " ")
            #expect(text.contains("failed, exit 3"), "\(screen): \(text)")
            #expect(try project.ctl(screen + ["--json"]).output.contains("failed, exit 3"))
        }
    }

    @Test(
        "one signal is enough within 20 s, whatever hangs",
        .enabled(if: runsLongTests),
        arguments: ["agent", "check", "git"]
    )
    func patient(what: String) throws {
        let hang =
            what == "agent" ? "\n  ignore-term\n  run touch {place}/on\n  hang" : "\n  run touch {place}/on"
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  write a.txt\n    | a" + hang,
            checks: what == "check"
                ? "[\"test ! -e {place}/on || (trap '' TERM; while :; do sleep 1; done)\"]" : "[\"true\"]"
        )
        if what == "git" {
            let git = try project.place.write(
                "#!/bin/sh\n[ ! -e \(project.place.path)/on ] || sleep 300\nexec /usr/bin/git \"$@\"\n",
                to: "bin/git"
            )
            chmod(git.string, 0o755)
        }
        let daemon = try project.start(untilDone: false)
        try running(project, daemon)
        let (ending, seconds) = stop(daemon, [SIGTERM])
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(seconds < 20)
        #expect(try project.livingProcesses() == [])
    }
}
