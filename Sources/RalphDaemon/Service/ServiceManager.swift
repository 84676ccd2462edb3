import CRalph
import Glibc
import RalphCore

/// The other side of `sd_notify(3)`: one datagram to the socket that systemd named. Does nothing elsewhere.
struct ServiceManager: Sendable {
    private let socketPath: String?
    /// How long the service manager waits for a sign of life before it kills us; nil where it does not wait.
    let watchdog: Duration?

    /// Longer ones are cut by systemd itself, in the middle of a character if need be.
    private static let longestStatus = 500
    /// A service manager that does not read must not stop us for ever.
    private static let sendTimeout = 5
    /// Meant for this process and for none that it starts.
    private static let privateVariables: Set<String> = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
        "CREDENTIALS_DIRECTORY",
    ]

    init(environment: [String: String], pid: Int32 = getpid()) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(pid)" } ?? true
        let span = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isOurs && span > 0 && socketPath != nil ? .microseconds(span) : nil
    }

    var isPresent: Bool { socketPath != nil }

    /// The environment for our children: nothing in it speaks to the service manager in our name.
    static func childEnvironment(_ environment: [String: String]) -> [String: String] {
        environment.filter { !privateVariables.contains($0.key) }
    }

    /// The history is open, the PRD is read and the socket listens; or a reload is over.
    func ready(_ status: String) { send("READY=1", status) }
    func status(_ status: String) { send(nil, status) }
    func stopping() { send("STOPPING=1", "stopping: agents are ended, their work is kept") }
    /// A sign of life.
    func feedWatchdog() { if watchdog != nil { send("WATCHDOG=1", nil) } }

    /// The settings are being read again; `ready` says when that is over.
    func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(ralph_monotonic_microseconds())", "reading the settings again")
    }

    /// What is done now may take so long, from now on: start-up and shutdown are otherwise cut off by the unit's own limits.
    func extendTimeout(_ span: Duration, _ status: String) {
        send("EXTEND_TIMEOUT_USEC=\(span.components.seconds * 1_000_000)", status)
    }

    private func send(_ assignments: String?, _ status: String?) {
        guard let socketPath else { return }
        let status = status.map { "STATUS=" + PlainText.cut(PlainText.line($0), bytes: Self.longestStatus) }
        deliver([assignments, status].compactMap { $0 }.joined(separator: "\n"), to: socketPath)
    }

    private func deliver(_ message: String, to socketPath: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // An abstract socket is written with @ for its leading zero byte.
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: Self.sendTimeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }
}
