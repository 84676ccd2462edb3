import Foundation
import RalphAPI
import RalphClient
import RalphCore
import RalphHistory
import RalphPRD
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
            doors: .live(environment)
        )
    }
}

extension Doors {
    /// A socket and a database file.
    static func live(_ environment: [String: String]) -> Doors {
        let token = environment["RALPH_TOKEN_FILE"].flatMap { FileManager.default.contents(atPath: $0) }.map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return Doors(
            daemon: { DaemonClient(socket: $0, token: token) },
            hasty: { DaemonClient(socket: $0, token: token, isHasty: true) },
            history: { directory, absence in
                let history = try SQLiteHistory.openReadOnly(directory: directory)
                return HistoryReport(
                    history: history,
                    stateDirectory: directory,
                    absence: absence,
                    settings: { lastSettings(in: directory) }
                )
            }
        )
    }

    /// The front matter that was in force when the daemon ended.
    static func lastSettings(in stateDirectory: FilePath) -> ProjectSettings? {
        let file = stateDirectory.appending(Instance.lastPRDFileName).string
        return FileManager.default.contents(atPath: file).flatMap { try? PRD.settings(of: $0) }
    }
}
