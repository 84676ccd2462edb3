import Logging
import RalphCore
import RalphHistory

extension RunService {
    /// Writes the ends of iterations, in order. They must not be lost, whatever the disk says: what cannot be written now
    /// is kept. False when something is left.
    @discardableResult
    func flush() -> Bool {
        while let first = unwritten.first {
            do throws(Failure) {
                try bench.history.finish(first)
            } catch {
                storageTrouble(error)
                guard error.storage?.canPass == false else { return false }
                giveUp(first, error)
            }
            unwritten.removeFirst()
        }
        return true
    }

    /// A row that will never be taken must not keep the others back: of this iteration only is written that it ended.
    private func giveUp(_ end: IterationEnd, _ error: Failure) {
        logger.error(
            "the end of an iteration cannot be written as it was",
            metadata: ["error": "\(error)", "iteration.id": "\(end.iteration.id)"]
        )
        owesRows = true
        guard var row = try? bench.history.iteration(end.iteration.id) else { return }
        row.outcome = end.iteration.outcome
        row.isStrike = end.iteration.isStrike
        row.endedAt = end.iteration.endedAt
        row.commit = end.iteration.commit
        row.error = "its end could not be written: \(error.message)"
        _ = try? bench.history.finish(IterationEnd(iteration: row, items: []))
    }

    /// Writes all that the history was not told; false while it still takes nothing.
    func payHistory() -> Bool {
        guard flush() else { return false }
        do throws(Failure) {
            try bench.history.proveWritable()
            if isReadingOwed { inbox.yield(.prdTouched(isSlow: false)) }
            guard owesRows else { return true }
            try bench.history.saveItems(machine.items.values.sorted { $0.id < $1.id })
            try bench.history.saveAgents(machine.agents.values.sorted { $0.name < $1.name })
            try bench.history.saveProject(project)
            owesRows = false
            return true
        } catch {
            return false
        }
    }

    func storageTrouble(_ error: any Error) {
        logger.error("the history cannot be written", metadata: ["error": "\(error)"])
        let message = "the history cannot be written: \(error)"
        Task { [weak self] in await self?.holdForStorage(message) }
    }

    private func holdForStorage(_ message: String) async {
        guard machine.project.hold?.kind != .storage else { return }
        await send(.held(.storage, message: message))
    }

    func save(items: [ItemRecord]) {
        do { try bench.history.saveItems(items) } catch { owe(error) }
    }

    /// In pieces, between which an iteration that begins gets its row.
    func save(placesOf items: [ItemRecord]) async {
        for start in stride(from: 0, to: items.count, by: Self.placesAtOnce) {
            do {
                try bench.history.placeItems(items[start..<min(start + Self.placesAtOnce, items.count)])
            } catch {
                return owe(error)
            }
            await Task.yield()
        }
    }

    private static let placesAtOnce = 1000

    func save(agents: [AgentRecord]) {
        do { try bench.history.saveAgents(agents) } catch { owe(error) }
    }

    func save(project: ProjectRecord) {
        do { try bench.history.saveProject(project) } catch { owe(error) }
    }

    private func owe(_ error: any Error) {
        owesRows = true
        storageTrouble(error)
    }
}
