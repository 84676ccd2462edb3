import Dispatch
import Foundation
import SystemPackage
import Testing

/// A started program of ours, in an environment built from nothing. All of it blocks: a test is one thread, and no more
/// tests run at once than there are processors.
final class DaemonProcess {
    private let process = Process()
    private let end = DispatchSemaphore(value: 0)
    private let files: (output: FilePath, errors: FilePath)

    /// How it ended; the status of one that a signal killed is the signal's negative.
    struct Ending {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The directory of the programs, which is that of the test bundle.
    static let programs: FilePath = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let bundle =
            CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own ?? CommandLine.arguments[0]
        return FilePath(bundle).removingLastComponent()
    }()

    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        directory: FilePath,
        logs: FilePath
    ) throws {
        let log = "\(FilePath(program).lastComponent?.string ?? "")-\(UUID().uuidString.prefix(8))"
        files = (logs.appending("\(log).out"), logs.appending("\(log).err"))
        for file in [files.output, files.errors] {
            _ = FileManager.default.createFile(atPath: file.string, contents: nil)
        }
        let name = program.hasPrefix("/") ? FilePath(program) : Self.programs.appending(program)
        process.executableURL = URL(filePath: name.string)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: directory.string)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: files.output.string)
        process.standardError = FileHandle(forWritingAtPath: files.errors.string)
        process.terminationHandler = { [end] _ in end.signal() }
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var isRunning: Bool { process.isRunning }
    var pid: Int32 { process.processIdentifier }
    var output: String { (try? String(contentsOfFile: files.output.string, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOfFile: files.errors.string, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end; one that outstays the deadline is killed, and that is an issue.
    func wait(seconds: Double = 45, _ place: SourceLocation = #_sourceLocation) -> Ending {
        if end.wait(timeout: .now() + seconds) == .timedOut {
            Issue.record(
                "the program did not end within \(seconds) s; it said:\n\(errors)",
                sourceLocation: place
            )
            send(SIGKILL)
            end.wait()
        }
        end.signal()
        let isExit = process.terminationReason == .exit
        return Ending(
            status: isExit ? process.terminationStatus : -process.terminationStatus,
            output: (try? String(contentsOfFile: files.output.string, encoding: .utf8)) ?? "",
            errors: errors
        )
    }
}

/// Looks every few milliseconds whether something is so, for what no program tells of itself.
func wait(
    for what: String,
    seconds: Double = 30,
    _ place: SourceLocation = #_sourceLocation,
    until isSo: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !isSo() {
        guard ContinuousClock.now < deadline else {
            Issue.record("never: \(what)", sourceLocation: place)
            throw CancellationError()
        }
        usleep(3_000)
    }
}
