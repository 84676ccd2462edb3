import Logging
import RalphCore
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The run service as a service among others: it begins when the socket listens, is stopped by graceful shutdown, and is
/// woken by the PRD's directory and by SIGHUP.
struct RunDaemon: Service {
    let service: RunService
    /// Each ends when its server listens.
    let listening: [AsyncStream<Void>]
    let logger: Logger
    /// The net under the watch: what it cannot see is another branch with the same PRD, or a disk without inotify.
    private static let slowLook: Duration = .seconds(30)

    let onEnd: @Sendable (RunService.End) -> Void

    func run() async throws {
        let inbox = service.inbox
        for server in listening { for await _ in server {} }
        FaultPoint.startListening.passed()
        let watch = try DirectoryWatch(file: await service.prd.path) { inbox.yield(.prdTouched) }
        let hangUps = Task {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { inbox.yield(.reload) }
        }
        let heartbeat = Heartbeat(watchdog: service.serviceManager.watchdog)
        let pulses = Task { await heartbeat?.run { inbox.yield(.pulse) } }
        let looks = Task {
            while (try? await ContinuousClock().sleep(for: Self.slowLook)) != nil { inbox.yield(.prdTouched) }
        }
        defer {
            hangUps.cancel()
            looks.cancel()
            pulses.cancel()
        }
        let end = try await withGracefulShutdownHandler {
            try await service.run { await announce() }
        } onGracefulShutdown: {
            inbox.yield(.stop)
        }
        withExtendedLifetime(watch) {}
        onEnd(end)
    }

    private func announce() async {
        let count = await service.machine.items.values.count { $0.state == .open || $0.state == .running }
        let path = await service.prd.path
        logger.notice("ready", metadata: ["prd": "\(path)", "items.open": "\(count)"])
        service.serviceManager.ready(await service.statusLine)
    }
}
