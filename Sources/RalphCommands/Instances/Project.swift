import RalphAPI
import RalphCore
import SystemPackage

/// How an instance is reached.
struct Doors: Sendable {
    /// Its daemon, by the socket.
    var daemon: @Sendable (FilePath) -> any ProjectReading & ProjectSteering
    /// Its history, by the state directory.
    var history: @Sendable (FilePath) throws -> any ProjectReading
}

/// The project that a command is about: its daemon where one answers, else, for questions, its history.
struct Project: Sendable {
    var instance: ChosenInstance
    var doors: Doors
    var console: Console

    /// Asks the daemon; asks the history when no daemon answers, and says so.
    func read<Answer: Sendable>(
        _ ask: (any ProjectReading) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await ask(doors.daemon(instance.socket))
        } catch let failure as Failure where failure.code == .noDaemon {
            guard let stateDirectory = instance.stateDirectory else { throw failure }
            let history = try doors.history(stateDirectory)
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
}
