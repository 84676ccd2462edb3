internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import RalphAPI
internal import RalphCore
internal import ServiceLifecycle
internal import Synchronization
package import SystemPackage

/// The HTTP interface of one project on its Unix socket.
///
/// A second server on the same path would take the socket over from the first: start it only with the state lock held.
package struct ProjectServer: Service {
    /// A connection that says nothing for so long is closed; one that waits for a stream is not silent.
    private static let idleTimeout = TimeAmount.seconds(60)
    /// Leaves the greater part of the usual 1024 descriptors to the daemon's own work.
    private static let mostConnections = 256

    private let answers: Answers
    private let gate: SteeringGate
    private let socket: FilePath
    private let logger: Logger
    private let onListening: @Sendable () async -> Void

    /// - Parameters:
    ///   - gate: asked of each connection when it is made, which holds for all that is asked on it.
    ///   - onListening: called once, when the socket listens and has its mode.
    package init(
        project: String,
        socket: FilePath,
        reading: any ProjectReading,
        steering: any ProjectSteering,
        gate: @escaping SteeringGate,
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        self.answers = Answers(project: project, reading: reading, steering: steering)
        self.gate = gate
        self.socket = socket
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown, then returns: open streams end at once, what is stuck is cut off after a second.
    package func run() async throws {
        try prepareDirectory()
        let trouble = Mutex<Failure?>(nil)
        let guests = Guests(gate: gate)
        let application = Application(
            responder: Responder(answers: answers, gate: gate, guests: guests, logger: logger),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [GuestHandler(guests), ShutdownDeadline()],
                    idleTimeout: Self.idleTimeout
                )
            ),
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: socket.string),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)
            ),
            onServerRunning: { channel in
                do throws(Failure) {
                    try self.protectSocket()
                    await self.onListening()
                } catch {
                    trouble.withLock { $0 = error }
                    try? await channel.close()
                }
            },
            logger: quietLogger
        )
        do {
            try await application.run()
        } catch is CancellationError {
            return
        } catch {
            throw Failure(
                .process,
                "cannot listen on \(socket.string): remove it or pass another with --socket",
                cause: error
            )
        }
        if let trouble = trouble.withLock({ $0 }) { throw trouble }
    }

    /// Hummingbird tells of each start at `info`; ours is told by the daemon.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    /// A directory that we make is the person's alone. One that is there stays as it is: it may be the person's home.
    private func prepareDirectory() throws(Failure) {
        let directory = socket.removingLastComponent().string
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(
                .storage,
                "cannot make \(directory) for the socket: pass another with --socket",
                cause: error
            )
        }
    }

    /// Until here, the umask keeps others out: who may not write to a socket cannot connect to it.
    private func protectSocket() throws(Failure) {
        do {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: socket.string)
        } catch {
            throw Failure(
                .storage,
                "cannot keep others from \(socket.string): pass another with --socket",
                cause: error
            )
        }
    }
}
