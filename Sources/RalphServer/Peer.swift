internal import Glibc
internal import Hummingbird
internal import NIOCore
package import RalphCore

/// Who is at the other end of a connection, as far as the kernel tells.
package enum Peer: Equatable, Sendable {
    /// On the Unix socket. Nil: a process that cannot be seen from here, in a PID namespace of its own.
    case process(Int32?)
    /// Over TCP.
    case network(Endpoint, own: Endpoint)

    /// An end of a TCP connection.
    package struct Endpoint: Equatable, Sendable {
        /// As numbers, in the notation of its family.
        package var address: String
        package var port: Int

        package init(address: String, port: Int) {
            self.address = address
            self.port = port
        }
    }
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

    /// Why whoever asks may not steer; nil when it may.
    func refusal(_ gate: SteeringGate, _ guests: Guests?) -> Failure? {
        if let guests { return guests.refusal(of: channel) }
        guard let peer = Self.endpoint(channel.remoteAddress), let own = Self.endpoint(channel.localAddress)
        else { return gate(.process(nil)) }
        return gate(.network(peer, own: own))
    }

    private static func endpoint(_ address: SocketAddress?) -> Peer.Endpoint? {
        guard let address, let port = address.port, let text = address.ipAddress else { return nil }
        return Peer.Endpoint(address: text, port: port)
    }
}
