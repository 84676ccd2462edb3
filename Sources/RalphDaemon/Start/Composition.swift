import Foundation
import Logging
import RalphAPI
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphProcess
import RalphServer
import ServiceLifecycle
import Synchronization
import SystemPackage
import UnixSignals

/// The only place that wires: from a configuration to a daemon that can run.
struct Composition {
    let configuration: Configuration
    private let repository: UserRepository
    private let document: Document
    let logger: Logger
    private let threshold: LogThreshold
    /// What lets a client in over TCP.
    let networkToken: String?
    private let clock: WallClock

    /// Looks at everything that can be wrong before anything is written.
    init(_ configuration: Configuration) async throws {
        self.configuration = configuration
        let (threshold, environment) = (LogThreshold(configuration.logLevel), configuration.environment)
        self.threshold = threshold
        clock = WallClock(environment: environment)
        logger = Logger(label: "ralphd") { _ in ConsoleLog(threshold, environment: environment) }
        networkToken = try configuration.host.listen?.token.map { name throws(Failure) in
            try TokenFile(name: name, environment: environment, directory: configuration.host.directory)
                .read()
        }
        let read: Document
        do {
            read = try Self.document(configuration)
        } catch {
            // What was in force when the daemon ended stays so: a restart must not need a person for half a save.
            guard !configuration.isOnlyLooking, let last = LastPRD.document(configuration) else {
                throw error
            }
            read = last
        }
        if let problem = configuration.credentialProblem(with: read.settings) {
            throw Failure(.configuration, problem.message)
        }
        document = read
        repository = try UserRepository.open(
            around: configuration.repository,
            host: GitHost.find(in: environment)
        )
        try AgentCatalogue.assertReachable(
            configuration.effective(document.settings),
            path: configuration.path
        )
    }

    private static func document(_ configuration: Configuration) throws -> Document {
        let bytes = try PRDFile(path: configuration.prd).read()
        do throws(Rejection) {
            return try configuration.admit(PRD.parse(bytes, defaults: configuration.host.project), bytes)
        } catch {
            let problem = error.problems.first
            throw Failure(
                .configuration,
                "\(configuration.prd):\(problem?.line ?? 1): \(problem?.message ?? "cannot be read")"
            )
        }
    }

    /// What `--check-config` prints.
    func plan() async throws -> String {
        let settings = configuration.effective(document.settings)
        let count = document.items.count == 1 ? "1 item" : "\(document.items.count) items"
        let lines = [
            "project     \(configuration.name)",
            "prd         \(configuration.prd), \(count): \(RunPlan(document.items).words)",
            "repository  \(repository.workTree ?? repository.gitDirectory)",
            "state       \(configuration.paths.stateDirectory)",
            "socket      \(configuration.paths.socket)"
                + (configuration.host.listen.map { ", and \($0)" } ?? ""),
            "agents      \(settings.agentWords)",
            "budget      \(settings.budget.words)",
            "checks      \(settings.checks.map { $0.map(\.run).joined(separator: "; ") } ?? "inferred at start")",
        ]
        let problems = document.problems.map {
            "\(configuration.prd):\($0.line):\($0.column): \($0.severity.rawValue): \($0.message)"
        }
        return (lines + problems).joined(separator: "\n")
    }

    /// Runs the daemon to its end.
    func run() async throws -> RunService.End {
        ignoreSIGPIPE()
        // Before anything is made that has to be ended in order.
        let shutdown = Shutdown(logger: logger)
        await shutdown.listen()
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        do {
            return try await run(shutdown, hangUps)
        } catch is Shutdown.NotWanted {
            return RunService.End(exitCode: 0)
        }
    }

    private func run(_ shutdown: Shutdown, _ hangUps: UnixSignalsSequence) async throws -> RunService.End {
        FaultPoint.startBegun.passed()
        try shutdown.assertWanted()
        let state = configuration.paths.stateDirectory
        try checkOwner(of: state)
        let lock = try lock(state)
        defer { lock.release() }
        let repositoryLock = try RepositoryLock.acquire(repository, environment: configuration.environment)
        defer { withExtendedLifetime(repositoryLock) {} }
        FaultPoint.startLocked.passed()
        try shutdown.assertWanted()
        let history = try openHistory(state, now: clock.now)
        defer { history.close() }
        FaultPoint.startHistoryOpened.passed()
        try shutdown.assertWanted()
        let bench = try workbench(history, stop: shutdown.flag)
        shutdown.take(charge: bench.markPrefix) { Self.giveUp(history) }
        FaultPoint.startStoreOpened.passed()
        try shutdown.assertWanted()
        let service = RunService(
            bench: bench,
            configuration: configuration,
            project: try project(history),
            serviceManager: ServiceManager(environment: configuration.environment),
            threshold: threshold
        )
        LastPRD.forgetOther(configuration)
        try instance(pid: getpid()).write(environment: configuration.environment)
        FaultPoint.startInstanceWritten.passed()
        defer { try? instance(pid: nil).write(environment: configuration.environment) }
        return try await serve(service, bench: bench, shutdown, hangUps)
    }

    /// The last resort: what is open is closed by the next start, as after any end that the daemon chose.
    private static func giveUp(_ history: SQLiteHistory) {
        guard var project = (try? history.project()).flatMap({ $0 }) else { return }
        project.state = .stopped
        project.reason = nil
        project.daemonPID = nil
        try? history.saveProject(project)
    }

    /// A directory that cannot be used is the wrong one, and stays so; a full disk does not.
    private func lock(_ state: FilePath) throws(Failure) -> StateLock {
        do {
            return try StateLock.acquire(directory: state, name: configuration.name)
        } catch {
            throw error.storage == .cannotOpen ? Failure(.configuration, error.message) : error
        }
    }

    /// What no waiting mends is a matter of configuration: the service manager need not try it again and again.
    private func openHistory(_ state: FilePath, now: @escaping @Sendable () -> Date) throws(Failure)
        -> SQLiteHistory
    {
        do {
            return try SQLiteHistory.open(directory: state, now: now)
        } catch {
            throw error.storage?.canPass == false ? Failure(.configuration, error.message) : error
        }
    }

    private func workbench(_ history: SQLiteHistory, stop: StopFlag) throws -> Workbench {
        let state = configuration.paths.stateDirectory
        let finding = Containment.detect(environment: configuration.environment)
        let markPrefix = "ralphd:\(try markID(state))"
        finding.containment.prepare(markPrefix: markPrefix)
        logger.info(
            "containment is chosen",
            metadata: ["containment": "\(finding.containment.name)", "reason": "\(finding.reason)"]
        )
        let workshop = try GitWorkshop(
            repository,
            WorkshopConfiguration(
                state: state,
                project: configuration.name,
                prdPath: prdPathInRepository,
                isStopping: { stop.isSet }
            )
        )
        return Workbench(
            git: workshop,
            history: history,
            containment: finding.containment,
            environment: ServiceManager.childEnvironment(configuration.environment),
            state: state,
            markPrefix: markPrefix,
            clock: clock,
            logger: logger,
            pulse: Pulse(),
            gate: LandingGate(),
            stop: stop,
            storage: StorageWatch(
                state: state,
                history: state.appending(SQLiteHistory.fileName),
                repository: repository.commonDirectory
            ),
            containmentNote: "\(finding.containment.name): \(finding.reason)",
            versions: PRDVersions(PRDFile(path: configuration.prd))
        )
    }

    /// Unique to the state directory, kept in it.
    private func markID(_ state: FilePath) throws -> String {
        let file = state.appending("mark").string
        if let known = FileManager.default.contents(atPath: file), known.count == UUID().uuidString.utf8.count
        {
            return String(decoding: known, as: UTF8.self)
        }
        let id = UUID().uuidString.lowercased()
        try Data(id.utf8).write(to: URL(filePath: file), options: .atomic)
        return id
    }

    /// The PRD's real path, if it lies in the work tree.
    private var prdPathInRepository: RepositoryPath? {
        guard let workTree = repository.workTree else { return nil }
        let real = URL(filePath: configuration.prd.string).resolvingSymlinksInPath().path(
            percentEncoded: false
        )
        let root = URL(filePath: workTree.string).resolvingSymlinksInPath().path(percentEncoded: false)
        let prefix = root.hasSuffix("/") ? root : root + "/"
        guard real.hasPrefix(prefix) else { return nil }
        return RepositoryPath(Array(real.dropFirst(prefix.count).utf8))
    }

    /// A state directory belongs to one repository.
    private func checkOwner(of state: FilePath) throws {
        guard let owner = try Instance.read(stateDirectory: state) else { return }
        let ours = instance(pid: nil)
        guard owner.repository == ours.repository else {
            throw Failure(
                .configuration,
                "the state directory \(state) belongs to \(owner.repository), not to \(ours.repository): pass another "
                    + "--name or --state-dir"
            )
        }
    }

    private func instance(pid: Int32?) -> Instance {
        Instance(
            name: configuration.name,
            repository: (repository.workTree ?? repository.gitDirectory).string,
            prd: configuration.prd.string,
            paths: configuration.paths,
            pid: pid
        )
    }

    private func project(_ history: SQLiteHistory) throws -> ProjectRecord {
        var project =
            try history.project()
            ?? ProjectRecord(
                name: configuration.name,
                repository: (repository.workTree ?? repository.gitDirectory).string,
                prdPath: configuration.prd.string
            )
        project.name = configuration.name
        project.prdPath = configuration.prd.string
        // Before the socket listens: nobody is to hear that there is no such project.
        try history.saveProject(project)
        return project
    }
}
