import RalphCore
import RalphGit
import Synchronization

/// Closed while a landing moves the PRD itself: a tick that appears then is the daemon's own, never one by hand.
final class LandingGate: Sendable {
    private let landing = Mutex<Set<ItemID>>([])
    private let index = Mutex<CheckoutStand.Index?>(nil)
    private let landedIndex = Mutex<CheckoutStand.Index?>(nil)

    func enter(_ item: ItemID) { landing.withLock { _ = $0.insert(item) } }
    func leave(_ item: ItemID) { landing.withLock { _ = $0.remove(item) } }
    /// The index of the PRD's checkout that a landing left: what stands there then is known.
    var ownIndex: CheckoutStand.Index? { index.withLock { $0 } }
    func leave(_ own: CheckoutStand.Index?) { index.withLock { $0 = own } }
    /// The index of the target's checkout that the last landing left, which may be another checkout than the PRD's.
    var ownTargetIndex: CheckoutStand.Index? { landedIndex.withLock { $0 } }
    func leaveTarget(_ own: CheckoutStand.Index?) { landedIndex.withLock { $0 = own } }
    var isClosed: Bool { landing.withLock { !$0.isEmpty } }
}
