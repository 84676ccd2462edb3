internal import Glibc
internal import NIOCore
internal import RalphCore
internal import Synchronization

/// The connections of a Unix socket, each with what the gate said of it when it was made: later its process may be gone, and its
/// number another's. Those that may not steer are few at a time, so that an agent leaves room for a person.
final class Guests: Sendable {
    private let gate: SteeringGate
    /// Nil for one that may steer.
    private let verdicts = Mutex<[ObjectIdentifier: Failure?]>([:])

    /// Connections of those that may ask but not steer.
    static let mostRefused = 16

    init(gate: @escaping SteeringGate) { self.gate = gate }

    /// Whether the connection may stay.
    fileprivate func admit(_ channel: any Channel, _ peer: Peer) -> Bool {
        let verdict = gate(peer)
        return verdicts.withLock { verdicts in
            verdicts[ObjectIdentifier(channel)] = .some(verdict)
            return verdict == nil || verdicts.values.count { $0 != nil } <= Self.mostRefused
        }
    }

    fileprivate func forget(_ channel: any Channel) {
        verdicts.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    func refusal(of channel: any Channel) -> Failure? {
        verdicts.withLock { $0[ObjectIdentifier(channel)] } ?? gate(.process(nil))
    }
}

/// Has a connection judged as soon as it is there.
final class GuestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let guests: Guests

    init(_ guests: Guests) { self.guests = guests }

    /// The layout of Linux's `struct ucred`.
    private struct Credentials: Sendable {
        var pid: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    func channelActive(context: ChannelHandlerContext) {
        let (channel, guests) = (context.channel, guests)
        let judge = { @Sendable (pid: Int32) in
            if !guests.admit(channel, .process(pid > 0 ? pid : nil)) { channel.close(promise: nil) }
        }
        if let options = channel as? any SocketOptionProvider {
            // Fixed when the connection was made; translated to the numbers that are in force here.
            let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
            let peer: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(level: .socket, name: name)
            peer.whenComplete { judge((try? $0.get())?.pid ?? 0) }
        } else {
            judge(0)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guests.forget(context.channel)
        context.fireChannelInactive()
    }
}
