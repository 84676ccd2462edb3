import ServiceLifecycle

/// Ends when a signal asks for the daemon's end, and takes the other services with it. A signal that came before there was
/// anything to stop counts as well.
struct StopService: Service {
    let shutdown: Shutdown

    func run() async {
        await cancelWhenGracefulShutdown { await shutdown.wait() }
    }
}
