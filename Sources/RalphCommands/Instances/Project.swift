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
            let daemon =
                instance.stateDirectory == nil ? doors.daemon(instance.socket) : doors.hasty(instance.socket)
            return try await ask(daemon)
        } catch let failure as Failure where failure.code == .noDaemon || failure.code == .noAnswer {
            guard let stateDirectory = instance.stateDirectory else { throw failure }
            let history = try doors.history(stateDirectory, absence(after: failure))
            console.note("\(failure.message); this is what the history of \(instance.name) says")
            return try await ask(history)
        }
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
