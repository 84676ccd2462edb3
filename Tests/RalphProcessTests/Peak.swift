import Synchronization

/// The highest of what was seen, from any thread.
final class Peak: Sendable {
    private let value = Atomic(0)
    private let over = Atomic(false)

    func note(_ new: Int) { value.max(new, ordering: .relaxed) }
    var highest: Int { value.load(ordering: .relaxed) }
    func end() { over.store(true, ordering: .relaxed) }
    var isOver: Bool { over.load(ordering: .relaxed) }
}
