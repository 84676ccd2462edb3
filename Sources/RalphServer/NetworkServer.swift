internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import RalphAPI
package import RalphCore
internal import ServiceLifecycle

/// The same interface on a TCP address, for those who are let in.
package struct NetworkServer: Service {
    /// A person's tools and a few dashboards.
    private static let mostConnections = 64
    private static let idleTimeout = TimeAmount.seconds(60)

    private let answers: Answers
    private let gate: SteeringGate
    private let listen: HostSettings.Listen
    private let doorkeeper: Doorkeeper
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - gate: asked before anything is changed.
    ///   - token: what `listen.token` names, read; nil only for a loopback address.
    ///   - onListening: called once, with the port that it became where 0 was asked for.
    package init(
        project: String,
        listen: HostSettings.Listen,
        token: String?,
        reading: any ProjectReading,
        steering: any ProjectSteering,
        gate: @escaping SteeringGate,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        answers = Answers(project: project, reading: reading, steering: steering)
        self.gate = gate
        self.listen = listen
        doorkeeper = Doorkeeper(
            token: token.map { Array($0.utf8) },
            names: Set((listen.hosts + [listen.host]).map { $0.lowercased() })
        )
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown, then returns.
    package func run() async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: Responder(answers: answers, doorkeeper: doorkeeper, gate: gate, logger: logger),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ShutdownDeadline()],
                    idleTimeout: Self.idleTimeout
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)
            ),
            onServerRunning: { await onListening($0.localAddress?.port ?? listen.port) },
            logger: quiet
        )
        do {
            try await application.run()
        } catch is CancellationError {
            return
        } catch {
            throw Failure(
                .process,
                "cannot listen on \(listen): is something else there? choose another in listen:",
                cause: error
            )
        }
    }
}
