import Foundation
import RalphAgents
import RalphCore

/// An agent CLI on this host: where it is, what it may know of the environment, and what of that is secret.
struct AgentProgram: Sendable {
    /// `PATH` of the agent.
    var path: String
    /// Nil: nowhere on `path`.
    var executable: String?
    var environment: [String: String]
    /// Values that must not reach a log, a row, a prompt or a file.
    var secrets: [String]
    /// Why the agent must not run: a credential that was promised cannot be had, and without it another login would pay.
    var credentialTrouble: String?
    /// Names of variables that `credentials:` gives this agent.
    var credentialNames: Set<String>

    init(
        _ cli: AgentCLI,
        settings: ProjectSettings,
        path: String,
        credentials: Credentials,
        inherited: [String: String]
    ) {
        let own = credentials.values[cli.name] ?? [:]
        let environment = AgentEnvironment.agent(
            cli,
            from: inherited,
            settings: EnvironmentSettings(
                path: path,
                names: settings.environment,
                credentials: own,
                zone: .current,
                isRoot: geteuid() == 0
            )
        )
        let path = environment["PATH"] ?? path
        (self.environment, self.path) = (environment, path)
        executable = ProgramLookup.find(cli.program, path: path)
        credentialNames = Set(own.keys)
        credentialTrouble = credentials.troubles[cli.name].map { "credentials: \(cli.name): \($0)" }
        let passed = cli.credentialVariables.filter(Credentials.isSecret).compactMap { environment[$0] }
        let named = settings.environment + (settings.customAgents[cli.name]?.environment ?? [])
        secrets =
            credentials.secrets + passed.filter(Credentials.isTellable)
            + Credentials.secrets(in: environment, named: Set(named))
    }
}
