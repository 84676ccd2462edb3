import RalphCore
import Synchronization

/// Closed while a landing moves the PRD itself: a tick that appears then is the daemon's own, never one by hand.
final class LandingGate: Sendable {
    private let landing = Mutex<Set<ItemID>>([])

    func enter(_ item: ItemID) { landing.withLock { _ = $0.insert(item) } }
    func leave(_ item: ItemID) { landing.withLock { _ = $0.remove(item) } }
    var isClosed: Bool { landing.withLock { !$0.isEmpty } }
}
