import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@Suite("a start", .timeLimit(.minutes(5)))
struct StartTests {
    /// Stops the daemon at a point, lets the signal come there, and returns how it ended and in how many seconds.
    private func signalled(_ project: Project, at point: FaultPoint) throws -> (
        ending: DaemonProcess.Ending, seconds: Double
    ) {
        let daemon = try project.start([], more: ["RALPHD_FAULT": "\(point.rawValue):1:stop"])
        try wait(for: "\(point)") { isStopped(daemon.pid) || !daemon.isRunning }
        let start = ContinuousClock.now
        daemon.send(SIGTERM)
        daemon.send(SIGCONT)
        let ending = daemon.wait()
        return (ending, (ContinuousClock.now - start) / .seconds(1))
    }

    private func isStopped(_ pid: Int32) -> Bool {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return stat.split(separator: ")").last?.hasPrefix(" T ") == true
    }

    @Test("a signal at any point of it ends it in order and at once, and nothing is begun")
    func signals() throws {
        let project = try Project("- [ ] Work {#a}")
        for point: FaultPoint in [
            .startBegun, .startLocked, .startHistoryOpened, .startStoreOpened, .startInstanceWritten,
            .startListening, .recoveryLeftoversEnded, .recoveryLandingsDone, .recoveryLoaded,
        ] {
            let (ending, seconds) = try signalled(project, at: point)
            #expect(ending.status == 0, "\(point): \(ending.errors)")
            #expect(seconds < 3, "\(point)")
            #expect(!ending.errors.contains("an iteration starts"), "\(point)")
        }
        try project.assertWhole()
        #expect(try project.outcomes().isEmpty)
    }

    @Test(
        "a signal while what an earlier life left is put in order leaves the rest to the next start",
        arguments: [
            (FaultPoint.landingMerged, FaultPoint.recoveryLandingFound),
            (.landingMerged, .recoveryLandingJudged), (.agentNoted, .recoveryWorkSalvaged),
        ]
    )
    func signalsInRecovery(died: FaultPoint, point: FaultPoint) throws {
        let project = try Project("- [ ] Work {#a}")
        try project.die(at: died)
        let (ending, seconds) = try signalled(project, at: point)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(seconds < 3)
        #expect(try project.run().status == 0)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.outcomes().last == "a landed")
    }

    @Test(
        "a log that takes nothing stops nobody",
        arguments: ["2> >(exec true)", "2>/dev/full", ">&- 2>&- <&-"]
    )
    func deafLog(redirection: String) throws {
        let project = try Project("- [ ] Work {#a}\n- [ ] Hopeless {#b attempts=1 check=false}")
        let daemon = try DaemonProcess(
            "/bin/bash",
            ["-c", "\"$0\" \"$@\" \(redirection)", DaemonProcess.programs.appending("ralphd").string]
                + ["--state-dir", project.state.string, "--until-done"],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        )
        #expect(daemon.wait().status == 3)
        #expect(try project.landedItems() == ["a"])
        try project.assertWhole()
    }
}
