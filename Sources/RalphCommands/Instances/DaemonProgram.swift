import Foundation
import RalphAPI
import RalphCore
import SystemPackage

/// The program `ralphd`, asked directly when no daemon runs that could be asked.
struct DaemonProgram: Sendable {
    var environment: [String: String]

    /// Has it try an agent, with the configuration that a daemon would have.
    /// - Parameter chosen: the project; nil: what lies in `directory`.
    func testAgent(_ name: String, of chosen: ChosenInstance?, in directory: FilePath) throws -> AgentTestView
    {
        guard let program else {
            throw Failure(.noDaemon, "no ralphd beside ralphctl or on PATH: install it, or start the daemon")
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = Self.arguments(for: chosen) + ["--test-agent", name]
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: directory.string)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let data = (try output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        guard let view = try? WireJSON.decode(AgentTestView.self, from: data) else {
            throw Failure(.configuration, "the agent could not be tested; ralphd says why above")
        }
        return view
    }

    private static func arguments(for chosen: ChosenInstance?) -> [String] {
        guard let directory = chosen?.stateDirectory,
            let instance = try? Instance.read(stateDirectory: directory)
        else { return [] }
        return [instance.prd, "--name", instance.name, "--state-dir", instance.stateDirectory]
    }

    /// Beside this program, where both are installed, else on the `PATH`.
    private var program: String? {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = own.map { FilePath($0).removingLastComponent().appending("ralphd").string }
        let directories = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let candidates = [beside].compactMap(\.self) + directories.map { "\($0)/ralphd" }
        return candidates.first(where: FileManager.default.isExecutableFile(atPath:))
    }
}
