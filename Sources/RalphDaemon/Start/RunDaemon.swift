import Logging
import RalphCore
import RalphGit
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The run service as a service among others: it begins when the socket listens, is stopped by graceful shutdown, and is
/// woken by the PRD's directory and by SIGHUP.
struct RunDaemon: Service {
    let service: RunService
    /// Each ends when its server listens.
    let listening: [AsyncStream<Void>]
    /// SIGHUP, heard since the start began.
    let hangUps: UnixSignalsSequence
    let logger: Logger
    /// The net under the watch: what it cannot see is a disk without inotify.
    private static let slowLook: Duration = .seconds(30)

    let onEnd: @Sendable (RunService.End) -> Void

    func run() async throws {
        let inbox = service.inbox
        await cancelWhenGracefulShutdown { [listening] in
            for server in listening { for await _ in server {} }
        }
        FaultPoint.startListening.passed()
        let versions = service.bench.versions
        let touched: @Sendable () -> Void = {
            if versions.announce() { inbox.yield(.prdTouched(isSlow: false)) }
        }
        let gate = service.bench.gate
        let gitDirectory = await service.bench.git.prdStand(versions.file.path)?.gitDirectory
        versions.watch(gitDirectory)
        // What git puts there on its way is nobody's save. Our own landing leaves it to whoever saves meanwhile.
        let look: @Sendable () -> Void = {
            let stand = gate.isClosed ? nil : gitDirectory.map { CheckoutStand($0) }
            if let stand, stand.isSettling(butFor: gate.ownIndex) { return }
            // What cannot be read is told by whoever reads it for good.
            try? versions.look()
            if let stand, !stand.isUnchanged { versions.forget() }
        }
        var watches = try Set([versions.file.path, (try? versions.file.resolved()) ?? versions.file.path]).map
        {
            try DirectoryWatch($0.removingLastComponent(), names: [$0.lastComponent?.string ?? ""]) {
                look()
                touched()
            }
        }
        // Its branch is checked out again, or a rebase is over: the file itself need not have changed for that.
        if let gitDirectory {
            watches.append(try DirectoryWatch(gitDirectory, names: CheckoutStand.telling, onChange: touched))
        }
        let reloads = Task { [hangUps] in
            for await _ in hangUps { inbox.yield(.reload) }
        }
        let heartbeat = Heartbeat(watchdog: service.serviceManager.watchdog)
        let pulses = Task { await heartbeat?.run { inbox.yield(.pulse) } }
        let looks = Task {
            while (try? await ContinuousClock().sleep(for: Self.slowLook)) != nil {
                inbox.yield(.prdTouched(isSlow: true))
            }
        }
        defer {
            reloads.cancel()
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
