internal import Glibc
internal import Hummingbird
internal import NIOCore
package import RalphCore

/// Who is at the other end of a connection, as far as the kernel tells.
package enum Peer: Equatable, Sendable {
    /// On the Unix socket. Nil: a process that cannot be seen from here, in a PID namespace of its own.
    case process(Int32?)
    /// Over TCP; `isLocal` when the address is one of this machine's.
    case network(isLocal: Bool, port: Int, ownPort: Int)
}

/// Says why whoever asks may not steer; nil when it may.
package typealias SteeringGate = @Sendable (Peer) -> Failure?

/// A request's context that knows its connection.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The layout of Linux's `struct ucred`.
    private struct Credentials: Sendable {
        var pid: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    func peer() async throws -> Peer {
        if let remote = channel.remoteAddress, let port = remote.port, let own = channel.localAddress {
            let address = remote.ipAddress ?? ""
            let isLocal = Self.isLoopback(address) || address == own.ipAddress
            return .network(isLocal: isLocal, port: port, ownPort: own.port ?? 0)
        }
        guard let options = channel as? any SocketOptionProvider else { return .process(nil) }
        // Fixed when the connection was made; translated to the numbers that are in force here.
        let peer: Credentials = try await options.unsafeGetSocketOption(
            level: .socket,
            name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        return .process(peer.pid > 0 ? peer.pid : nil)
    }

    private static func isLoopback(_ address: String) -> Bool {
        address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}
