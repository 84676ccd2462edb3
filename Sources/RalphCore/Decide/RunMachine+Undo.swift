import struct Foundation.Date

/// Taking landings back: one after the other, before anything new is begun, also while the project is paused or held.
extension RunMachine {
    /// After how long one that is in somebody's way is tried again, doubling, in seconds.
    private static let undoPoll = 5.0
    private static let longestUndoPoll = 60.0

    /// A landing that a person wants taken back.
    struct Undo: Sendable {
        var item: ItemID
        var next: Date
        var tries = 0
    }

    mutating func askUndo(_ id: ItemID, now: Date) {
        guard !undos.contains(where: { $0.item == id }) else { return }
        undos.append(Undo(item: id, next: now))
    }

    mutating func endUndo(_ id: ItemID) {
        undos.removeAll { $0.item == id }
        isUndoing = false
    }

    mutating func obstructUndo(_ id: ItemID, now: Date) {
        isUndoing = false
        guard let index = undos.firstIndex(where: { $0.item == id }) else { return }
        let wait = min(Self.undoPoll * Self.power(undos[index].tries), Self.longestUndoPoll)
        undos[index].tries += 1
        undos[index].next = now.addingTimeInterval(wait)
    }

    mutating func claimUndo(now: Date) -> [Action] {
        guard hasRead, !isStopping, !isUndoing, !isProbing, running.count + landing.count < rules.workers,
            let due = undos.first(where: { $0.next <= now })
        else { return [] }
        isUndoing = true
        return [.undo(due.item)]
    }

    /// Whether an undo has been asked for and has to wait for a worker's place.
    package func undoWaitsItsTurn(_ id: ItemID) -> Bool {
        undos.contains { $0.item == id } && !(isUndoing && undos.first?.item == id)
    }

    /// Places of workers that an undo has, or is about to have.
    func undoWorkers(now: Date) -> Int { isUndoing || undos.contains { $0.next <= now } ? 1 : 0 }
}
