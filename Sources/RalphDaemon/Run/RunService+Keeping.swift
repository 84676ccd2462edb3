import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD

/// What is done beside the iterations: housekeeping, and putting things in order after trouble with the disk.
extension RunService {
    /// Seconds from one housekeeping to the next.
    private static let day = 86_400.0

    /// Removes what is old, in a task of its own; not twice at once.
    func keepHouse() async {
        await dayTimer.set(bench.now().addingTimeInterval(Self.day))
        guard !isKeepingHouse, let document else { return }
        isKeepingHouse = true
        let lapsed = lapsedItems()
        await send(.workLapsed(lapsed))
        let retention = configuration.effective(document.settings).keep
        let work = Housekeeping(bench: bench, retention: retention, lapsed: Set(lapsed))
        beside { [inbox] in
            await work.run()
            inbox.yield(.houseKept)
        }
    }

    /// Items whose kept work nobody comes back to: done, or out of the PRD, for long enough.
    private func lapsedItems() -> [ItemID] {
        let instant = bench.now().addingTimeInterval(-Retention.keptWork.seconds)
        let changed = try? bench.history.items(changedSince: instant)
        return machine.items.values.filter { item in
            switch item.state {
            case .done: (item.doneAt ?? item.createdAt) < instant
            case .withdrawn: item.createdAt < instant && changed?.contains(item.id) == false
            default: false
            }
        }.map(\.id).sorted()
    }

    /// Runs something that the end of the daemon waits for, and that a stop cancels.
    /// - Parameter isWanted: `--until-done` waits for it too.
    func beside(isWanted: Bool = false, _ body: @escaping @Sendable () async -> Void) {
        nextSide += 1
        let number = nextSide
        let task = Task { [inbox] in
            await body()
            inbox.yield(.sideEnded(number))
        }
        side[number] = Side(task: task, isWanted: isWanted)
        if isStopping { task.cancel() }
    }

    /// Whether the project can be written to again; if so, all that is owed is written.
    func lookAtStorage() async -> RunMachine.Trouble? {
        if let trouble = bench.storage.trouble() {
            if trouble.kind == .storage { inbox.yield(.houseDue) }
            return trouble
        }
        guard payHistory() else {
            return RunMachine.Trouble(
                .storage,
                project.hold?.message ?? "the history cannot be written"
            )
        }
        await rescue()
        return nil
    }

    /// Remembers an iteration whose work could not be kept, so that it is once there is room.
    func oweRescue(_ row: IterationRecord) {
        guard row.kept == nil, row.stage == .agent || row.stage == .snapshot else { return }
        unrescued.append(row)
    }

    private func rescue() async {
        for var row in unrescued {
            guard let kept = await salvage(row) else { continue }
            row.kept = kept
            try? bench.history.save(iteration: row)
            await send(.workRescued(row.item, kept))
        }
        unrescued = []
    }
}
