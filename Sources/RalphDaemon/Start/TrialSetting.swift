import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import RalphPRD
import RalphProcess
import SystemPackage

/// What an agent is tried with when no daemon runs: the configuration that one would have, as far as there is a project.
struct TrialSetting {
    private let trial: AgentTrial

    static func load(_ command: DaemonCommand) throws -> TrialSetting {
        let environment = ProcessInfo.processInfo.environment
        let directory = FilePath(FileManager.default.currentDirectoryPath)
        let given = command.prd ?? environment["RALPHD_PRD"] ?? command.config ?? environment["RALPHD_CONFIG"]
        guard given != nil || (try? PRDSearch(directory: directory).find(nil)) != nil else {
            return TrialSetting(environment)
        }
        let configuration = try Configuration.load(command, environment: environment)
        let bytes = FileManager.default.contents(atPath: configuration.prd.string).map { Array($0) } ?? []
        // A document with errors is no reason not to try an agent.
        let settings = (try? PRD.parse(bytes, defaults: configuration.host.project))?.settings
        return TrialSetting(
            AgentTrial(
                settings: configuration.effective(settings ?? configuration.host.project),
                path: configuration.path,
                credentials: configuration.credentials,
                inherited: environment,
                containment: Containment.detect(environment: environment).containment
            )
        )
    }

    private init(_ trial: AgentTrial) { self.trial = trial }

    /// Without a project: the agent as it is built in.
    private init(_ environment: [String: String]) {
        trial = AgentTrial(
            settings: ProjectSettings(),
            path: environment["RALPHD_PATH"] ?? environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            credentials: Credentials(),
            inherited: environment,
            containment: Containment.detect(environment: environment).containment
        )
    }

    /// JSON, for `ralphctl agents test`.
    func report(on name: String) async throws -> String {
        ignoreSIGPIPE()
        let view = try await trial.run(name)
        return String(decoding: try WireJSON.encode(view, pretty: true), as: UTF8.self)
    }
}
