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
        let versions = service.bench.versions
        let watches = try Set([versions.file.path, (try? versions.file.resolved()) ?? versions.file.path]).map
        {
            try DirectoryWatch(file: $0) {
                // What cannot be read is told by whoever reads it for good.
                try? versions.look()
                inbox.yield(.prdTouched(isSlow: false))
            }
        }
        let hangUps = Task {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { inbox.yield(.reload) }
        }
        let heartbeat = Heartbeat(watchdog: service.serviceManager.watchdog)
        let pulses = Task { await heartbeat?.run { inbox.yield(.pulse) } }
        let looks = Task {
            while (try? await ContinuousClock().sleep(for: Self.slowLook)) != nil {
                inbox.yield(.prdTouched(isSlow: true))
            }
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
        withExtendedLifetime(watches) {}
        onEnd(end)
    }

    private func announce() async {
        let count = await service.machine.items.values.count { $0.state == .open || $0.state == .running }
        let path = service.bench.versions.file.path
        logger.notice("ready", metadata: ["prd": "\(path)", "items.open": "\(count)"])
        service.serviceManager.ready(await service.statusLine)
    }
}
