import Foundation
import RalphProcess
import SystemPackage

/// Where an agent CLI is on this host, and which version of it.
package struct AgentInspection: Equatable, Sendable {
    /// Nil: nowhere on the `PATH`.
    package var path: String?
    /// Nil when it does not say.
    package var version: String?

    private static let patience: Duration = .seconds(10)

    /// Looks, and asks the program for its version. Takes as long as that; the thread that asks is none of those that carry
    /// other work.
    package static func look(at cli: AgentCLI, environment: [String: String]) async -> AgentInspection {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: inspect(cli, environment)) }
        }
    }

    private static func inspect(_ cli: AgentCLI, _ environment: [String: String]) -> AgentInspection {
        guard let path = ProgramLookup.find(cli.program, path: environment["PATH"] ?? "") else {
            return AgentInspection()
        }
        let command = CapturedCommand(
            path,
            cli.versionArguments,
            environment: environment,
            directory: "/",
            deadline: patience,
            outputLimit: 64 << 10
        )
        let result = try? command.run()
        let said = (result?.output ?? []) + (result?.errors ?? [])
        return AgentInspection(
            path: path,
            version: AgentCLI.version(in: String(decoding: said, as: UTF8.self))
        )
    }
}
