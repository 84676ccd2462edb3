import RalphAPI
import RalphCore
import RalphReport
import SystemPackage

/// How an instance is reached.
struct Doors: Sendable {
    /// Its daemon, by the socket.
    var daemon: @Sendable (FilePath) -> any ProjectReading & ProjectSteering
    /// The same for whoever can ask the history instead: it is given up sooner.
    var hasty: @Sendable (FilePath) -> any ProjectReading
    /// Its history, by the state directory, for when the daemon does not answer.
    var history: @Sendable (FilePath, Absence) throws -> any ProjectReading

    init(
        daemon: @escaping @Sendable (FilePath) -> any ProjectReading & ProjectSteering,
        hasty: (@Sendable (FilePath) -> any ProjectReading)? = nil,
        history: @escaping @Sendable (FilePath, Absence) throws -> any ProjectReading
    ) {
        self.daemon = daemon
        self.hasty = hasty ?? { daemon($0) }
        self.history = history
    }
}

/// The project that a command is about: its daemon where one answers, else, for questions, its history.
struct Project: Sendable {
    var instance: ChosenInstance
    var doors: Doors
    var console: Console
    var environment: [String: String]

    /// Asks the daemon; asks the history when no daemon answers, and says so.
    func read<Answer: Sendable>(
        _ ask: (any ProjectReading) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await ask(reading)
        } catch let failure as Failure where failure.isAbsence {
            return try await ask(history(after: failure))
        }
    }

    /// The daemon, for questions; given up soon where there is a history to ask.
    var reading: any ProjectReading {
        instance.stateDirectory == nil ? doors.daemon(instance.socket) : doors.hasty(instance.socket)
    }

    /// What is asked in place of a daemon that does not answer, which is said; throws the failure where nothing is.
    func history(after failure: Failure) throws -> any ProjectReading {
        guard let stateDirectory = instance.stateDirectory else { throw failure }
        let history = try doors.history(stateDirectory, absence(after: failure))
        console.note("\(failure.message); this is what the history of \(instance.name) says")
        return history
    }

    /// Asks the daemon for a deed.
    func steer<Answer: Sendable>(
        _ ask: (any ProjectSteering) async throws -> Answer
    ) async throws -> Answer {
        try await ask(doors.daemon(instance.socket))
    }

    /// How a daemon is away that could not be asked.
    func absence(after failure: Failure) -> Absence {
        guard let directory = instance.stateDirectory,
            let known = try? Instance.read(stateDirectory: directory)
        else { return Absence(.stopped, mend: "ralphd") }
        let start = DaemonStart(instance: known, environment: environment)
        if failure.code == .noAnswer {
            return Absence(.silent, mend: start.commandInsteadOf(process: known.pid))
        }
        return Absence(known.isAlive ? .starting : .stopped, mend: start.command)
    }
}

extension Failure {
    /// Whether no daemon answers, be it that none is there, or that it hangs.
    var isAbsence: Bool { code == .noDaemon || code == .noAnswer }
}
