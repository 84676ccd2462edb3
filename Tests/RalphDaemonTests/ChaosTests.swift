import Foundation
import RalphTestSupport
import SystemPackage
import Testing

/// `chaos/run`, and whether it can run here.
private enum Storm {
    static let driver = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("chaos").appending("run")
    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
}

/// The short form of `make chaos`.
@Suite("a storm of kills", .timeLimit(.minutes(5)), .enabled(if: Storm.isPossible))
struct ChaosTests {
    @Test("traps 4, 17, 22, 28 and 30: thirty kills at named points and random instants break no promise")
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
