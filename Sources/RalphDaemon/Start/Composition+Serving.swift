import Logging
import RalphAPI
import RalphCore
import RalphServer
import ServiceLifecycle
import Synchronization
import UnixSignals

extension Composition {
    /// The daemon's own shutdown; a unit's `TimeoutStopSec` has to be longer.
    private static let longestShutdown: Duration = .seconds(20)

    /// Runs the service with its servers until one of them ends, or a signal asks for it.
    func serve(
        _ service: RunService,
        bench: Workbench,
        _ shutdown: Shutdown,
        _ hangUps: UnixSignalsSequence
    ) async throws -> RunService.End {
        let backend = DaemonBackend(service: service, bench: bench)
        let gate = AgentGate(markPrefix: bench.markPrefix, containment: bench.containment).refusal
        let end = Mutex(RunService.End(exitCode: 0))
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let server = ProjectServer(
            project: configuration.name,
            socket: configuration.paths.socket,
            reading: backend,
            steering: backend,
            gate: gate,
            logger: quiet,
            onListening: { isListening.finish() }
        )
        let (network, isReachable) = network(backend, gate)
        let run = RunDaemon(
            service: service,
            listening: [listening, isReachable],
            hangUps: hangUps,
            logger: logger
        ) { how in
            end.withLock { $0 = how }
        }
        var group = ServiceGroupConfiguration(
            services: [
                .init(
                    service: server,
                    successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .cancelGroup
                ),
                .init(
                    service: run,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup
                ),
                .init(
                    service: StopService(shutdown: shutdown),
                    successTerminationBehavior: .gracefullyShutdownGroup
                ),
            ],
            logger: quiet
        )
        if let network {
            group.services.append(
                .init(
                    service: network,
                    successTerminationBehavior: .ignore,
                    failureTerminationBehavior: .cancelGroup
                )
            )
        }
        group.maximumGracefulShutdownDuration = Self.longestShutdown
        try await ServiceGroup(configuration: group).run()
        return end.withLock { $0 }
    }

    /// The server of `listen:`, and a stream that ends when it listens; at once where there is none.
    private func network(_ backend: DaemonBackend, _ gate: @escaping SteeringGate) -> (
        NetworkServer?, AsyncStream<Void>
    ) {
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        guard let listen = configuration.host.listen else {
            isListening.finish()
            return (nil, listening)
        }
        let server = NetworkServer(
            project: configuration.name,
            listen: listen,
            token: networkToken,
            reading: backend,
            steering: backend,
            gate: gate,
            logger: quiet,
            onListening: { _ in isListening.finish() }
        )
        return (server, listening)
    }

    private var quiet: Logger {
        var logger = logger
        // What goes wrong is told once, in our own words, by whoever ends the program.
        logger.logLevel = .critical
        return logger
    }
}
