import Foundation
import RalphAPI
import RalphClient
import RalphHistory
import RalphReport
import SystemPackage

extension CommandContext {
    /// The world as it is.
    static func live() -> CommandContext {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(
            output: DescriptorSink(descriptor: .standardOutput),
            errors: DescriptorSink(descriptor: .standardError),
            terminal: .facts(of: .standardOutput, environment: environment)
        )
        return CommandContext(
            environment: environment,
            directory: FilePath(FileManager.default.currentDirectoryPath),
            console: console,
            localTime: { .system(now: Date()) },
            clock: ContinuousClock(),
            doors: .live
        )
    }
}

extension Doors {
    /// A socket and a database file.
    static let live = Doors(
        daemon: { DaemonClient(socket: $0) },
        history: { directory in
            let history = try SQLiteHistory.openReadOnly(directory: directory)
            return HistoryReport(history: history, stateDirectory: directory)
        }
    )
}
