import Foundation
import Logging
import RalphAPI
import RalphAgents
import RalphCore
import RalphPRD
import SystemPackage

/// Where things are and what holds on this host: flags, then `RALPHD_*` variables, then the host's file.
struct Configuration: Sendable {
    var prd: FilePath
    /// A directory in the repository to work for.
    var repository: FilePath
    var name: String
    var paths: InstancePaths
    var host: HostSettings
    /// Where those settings are; nil when there is no file.
    var hostFile: String?
    var environment: [String: String]
    /// `--agent`: instead of what the PRD says.
    var agent: AgentChoice?
    var isUntilDone: Bool
    /// `--check-config`: nothing is to be started.
    var isOnlyLooking: Bool
    var itemLimit: Int?
    var longestWait: Duration?

    static func load(_ command: DaemonCommand, environment: [String: String]) throws -> Configuration {
        let directory = FilePath(FileManager.default.currentDirectoryPath)
        let named = (command.config ?? environment["RALPHD_CONFIG"]).map { directory.resolving($0).string }
        let given = try named.map { try HostFile.read($0) }
        let wanted = command.prd ?? environment["RALPHD_PRD"] ?? given?.prd
        let prd: FilePath
        do {
            prd = try PRDSearch(directory: directory).find(wanted)
        } catch {
            guard let known = LastPRD.place(wanted, in: directory, command, given, environment) else {
                throw error
            }
            prd = known
        }
        let repository =
            (environment["RALPHD_REPO"] ?? given?.repository).map { directory.resolving($0) }
            ?? prd.removingLastComponent()
        let name =
            command.name ?? environment["RALPHD_NAME"] ?? PRDSearch.statedName(prd)
            ?? ProjectPlaces.defaultName(of: repository)
        let found = named ?? HostFile.find(name: name, environment)
        let host = try given ?? found.map { try HostFile.read($0) } ?? HostSettings()
        let paths = try InstancePaths(
            name: name,
            stateDirectory: (command.stateDir ?? environment["RALPHD_STATE_DIR"] ?? host.stateDirectory)
                .map { directory.resolving($0) },
            socket: (command.socket ?? environment["RALPHD_SOCKET"] ?? host.socket).map {
                directory.resolving($0)
            },
            environment: environment
        )
        return Configuration(
            prd: prd,
            repository: repository,
            name: name,
            paths: paths,
            host: host,
            hostFile: found,
            environment: environment,
            agent: try (command.agent ?? environment["RALPHD_AGENT"]).map { try agentChoice($0) },
            isUntilDone: command.untilDone || command.items != nil,
            isOnlyLooking: command.checkConfig,
            itemLimit: try positive(command.items),
            longestWait: try command.wait.map { try duration($0) }
        )
    }

    /// The host's settings as they are now.
    func rereadHost() throws(Failure) -> HostSettings {
        guard let hostFile else {
            // It may have been written since.
            guard let found = HostFile.find(name: name, environment) else { return HostSettings() }
            return try HostFile.read(found)
        }
        return try HostFile.read(hostFile)
    }

    /// Takes the host's settings as they are now. What has been opened by the old ones stays as it is.
    /// - Returns: the changed keys that only a restart can follow.
    mutating func adopt(_ new: HostSettings) -> [String] {
        let old = host
        hostFile = hostFile ?? HostFile.find(name: name, environment)
        host = new
        host.prd = old.prd
        host.repository = old.repository
        host.stateDirectory = old.stateDirectory
        host.socket = old.socket
        host.listen = old.listen
        let changes = [
            ("prd", new.prd != old.prd), ("repo", new.repository != old.repository),
            ("state-dir", new.stateDirectory != old.stateDirectory), ("socket", new.socket != old.socket),
            ("listen", new.listen != old.listen),
        ]
        return changes.filter { $0.1 }.map { $0.0 }
    }

    var logLevel: Logger.Level { Logger.Level(rawValue: host.logLevel?.rawValue ?? "") ?? .notice }

    /// The project's settings with `--agent` on top.
    func effective(_ settings: ProjectSettings) -> ProjectSettings {
        var settings = settings
        if let agent { (settings.agents, settings.escalate) = ([agent], []) }
        if settings.agents.isEmpty, settings.escalate.isEmpty {
            settings.agents = [AgentChoice(name: AgentCLI.defaultName)]
        }
        return settings.bounded(by: host.limits)
    }

    func rules(_ settings: ProjectSettings) -> Rules {
        let settings = effective(settings)
        var rules = Rules()
        rules.attempts = settings.attempts
        rules.agents = settings.agents
        rules.escalate = settings.escalate
        rules.reviewer = settings.review?.agent
        rules.budget = settings.budget
        rules.mostPerItem = host.limits.budget.item
        rules.hours = settings.hours
        rules.zone = .current
        rules.order = settings.order
        rules.isUntilDone = isUntilDone
        rules.itemLimit = itemLimit
        rules.longestWait = longestWait
        #if DEBUG
            // Tests cannot sit out the time that a person needs to finish a sentence.
            if let still = environment["RALPHD_STILL_SECONDS"].flatMap(Double.init) {
                rules.stillTime = still
            }
        #endif
        return rules
    }

    /// `PATH` of agents, checks and set-up.
    var path: String {
        host.path ?? environment["RALPHD_PATH"] ?? environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// As the files under `credentials:` hold them now.
    var credentials: Credentials {
        Credentials.read(host.credentials, environment: environment, directory: host.directory)
    }

    private static func agentChoice(_ text: String) throws(Failure) -> AgentChoice {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first, !name.isEmpty else {
            throw Failure(.usage, "--agent \"\(text)\" names no agent: write claude or claude:MODEL")
        }
        return AgentChoice(name: name, model: parts.count > 1 ? parts[1] : nil)
    }

    private static func duration(_ text: String) throws(Failure) -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw Failure(.usage, "--wait \"\(text)\" is no duration: write 90s, 30m, 6h or 2d")
        }
        return duration
    }

    private static func positive(_ count: Int?) throws(Failure) -> Int? {
        guard let count, count < 1 else { return count }
        throw Failure(.usage, "--items \(count) ends before it begins: write 1 or more")
    }
}

extension FilePath {
    /// A path as a person wrote it, seen from this directory.
    func resolving(_ path: String) -> FilePath { pushing(FilePath(path)).lexicallyNormalized() }
}
