import RalphCore
import RalphProcess
import RalphServer

/// Keeps agents, and all else that the daemon runs, from steering it: what an agent made is judged by checks, not by itself.
struct AgentGate: Sendable {
    private let trees: OwnTrees

    init(markPrefix: String, containment: Containment) {
        trees = OwnTrees(markPrefix: markPrefix + "/", containment: containment)
    }

    private static let ownWords =
        "this comes from a process that ralphd itself runs: agents, checks and hooks may ask, but not steer; "
        + "run it from a terminal of your own"
    private static let goneWords =
        "whoever asked is gone, or cannot be seen from here: nothing was done; wait for the answer, on the same machine and "
        + "outside a PID namespace of its own"

    /// Nil when the other end may steer.
    func refusal(of peer: Peer) -> Failure? {
        switch peer {
        case .process(nil): return Failure(.forbidden, Self.goneWords)
        case .process(let pid?): return refusal(of: pid)
        case .network(let peer, let own):
            // By the kernel's table, not by the address: a process here may call from any of this machine's.
            guard
                let connection = LocalConnection(
                    peer: (peer.address, peer.port),
                    own: (own.address, own.port)
                )
            else {
                return LocalConnection.isOwn(peer.address) ? Failure(.forbidden, Self.goneWords) : nil
            }
            let holders = connection.holders()
            if holders.isEmpty {
                return connection.isOfAnotherUser ? nil : Failure(.forbidden, Self.goneWords)
            }
            return holders.compactMap { refusal(of: $0) }.first
        }
    }

    private func refusal(of pid: Int32) -> Failure? {
        switch trees.include(pid) {
        case true?: Failure(.forbidden, Self.ownWords)
        case nil: Failure(.forbidden, Self.goneWords)
        case false?: nil
        }
    }
}
