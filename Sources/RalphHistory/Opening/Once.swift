internal import Synchronization

/// A right that can be used one time, from any thread.
final class Once: Sendable {
    private let isTaken = Atomic<Bool>(false)

    /// True for the first caller only.
    func take() -> Bool { !isTaken.exchange(true, ordering: .acquiringAndReleasing) }
}
