import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory

/// Taking landings back. What is asked for is in the history first; it is over when the box is open again, which the
/// reading of the PRD then takes for what it is: undone by its author.
extension RunService {
    /// A person asks for it.
    func ask(_ undo: UndoRecord, _ reply: CheckedContinuation<Void, any Error>) async {
        do {
            if undos[undo.item] == nil {
                let key = machine.items[undo.item]?.item.key ?? "\(undo.item)"
                try bench.history.save(undo: undo, .asked, "the landing of \(key) is to be taken back")
                undos[undo.item] = undo
            }
            reply.resume()
        } catch {
            return reply.resume(throwing: error)
        }
        await send(.steer(.undo(undo.item)))
        if machine.undoWaitsItsTurn(undo.item) {
            await tell(
                undo.item,
                waitsFor: "it begins when what runs now is over; ralphctl pause --now is sooner"
            )
        }
    }

    /// The machine gives it its turn.
    func undo(_ id: ItemID) async {
        guard let undo = undos[id], let item = machine.items[id], let plan = plan(for: id),
            running[id] == nil,
            let row = (try? bench.history.iteration(undo.iteration)).flatMap({ $0 })
        else {
            inbox.yield(.undoEnded(id, .failed("the iteration that landed is not in the history any more")))
            return
        }
        logger.notice("a landing is taken back", metadata: ["item.id": "\(id)", "commit": "\(undo.landed)"])
        let reversal = Reversal(bench: bench, runner: runner, plan: plan, item: item, request: undo, row: row)
        let task = Task { [inbox] in
            let ending = await reversal.run()
            inbox.yield(.undoEnded(id, ending))
        }
        running[id] = Running(task: task, cancel: CancelNote())
    }

    func undoEnded(_ id: ItemID, _ ending: Reversal.Ending) async {
        running[id] = nil
        switch ending {
        case .reverted(let commit): await reverted(id, as: commit)
        case .waits(let reason):
            await tell(id, waitsFor: reason)
            await send(.undoObstructed(id))
        case .failed(let message):
            end(id, .failed, message)
            await send(.undoEnded(id))
        case .interrupted: await send(.undoEnded(id))
        }
        bench.gate.leave(id)
        if isReadingOwed { await readPRD() }
        await payUndos()
        if let undo = undos[id], undo.reverted != nil {
            await tell(
                id,
                waitsFor: "\(words(for: undo)); its box is opened as soon as the PRD can be written"
            )
        }
    }

    private func reverted(_ id: ItemID, as commit: ObjectID?) async {
        guard var undo = undos[id] else { return await send(.undoEnded(id)) }
        undo.reverted = commit ?? undo.landed
        keep(undo)
        if let commit {
            project.targetTip = commit
            save(project: project)
            if let row = (try? bench.history.iteration(undo.iteration)).flatMap({ $0 }) {
                afterLanding(id, commit, row)
            }
        }
        await send(.undoEnded(id))
    }

    /// It is over when the box is open, too: until then the item is still done.
    private func keep(_ undo: UndoRecord) {
        undos[undo.item] = undo
        undoObstacles[undo.item] = nil
        do { try bench.history.save(undo: undo, .asked, words(for: undo)) } catch { storageTrouble(error) }
    }

    private func words(for undo: UndoRecord) -> String {
        let key = machine.items[undo.item]?.item.key ?? "\(undo.item)"
        guard let commit = undo.reverted, commit != undo.landed else {
            return "the work of \(key) was not on the branch any more"
        }
        return "the landing of \(key) is taken back by \(commit.short)"
    }

    private func end(_ id: ItemID, _ step: UndoStep, _ message: String?) {
        guard let undo = undos.removeValue(forKey: id) else { return }
        undoObstacles[id] = nil
        if let message {
            logger.notice("an undo is over", metadata: ["item.id": "\(id)", "detail": "\(message)"])
        }
        do { try bench.history.end(undo: undo, step, message) } catch { storageTrouble(error) }
    }

    private func tell(_ id: ItemID, waitsFor reason: String) async {
        guard let undo = undos[id], undoObstacles[id] != reason else { return }
        undoObstacles[id] = reason
        do { try bench.history.save(undo: undo, .waiting, reason) } catch { storageTrouble(error) }
    }

    /// Opens the boxes of what was taken back: now, or when the PRD can be written again.
    func payUndos() async {
        for undo in undos.values.sorted(by: { $0.item < $1.item }) where undo.reverted != nil {
            if let item = machine.items[undo.item], item.state == .done {
                if item.item.isTicked { await untick([undo.item]) } else { await take(documentBytes) }
            }
            if machine.items[undo.item]?.state != .done { end(undo.item, .done, words(for: undo)) }
        }
    }

    // MARK: After a restart

    /// An undo's landing that an earlier life began.
    func recoverUndo(_ intent: LandingIntent, of row: IterationRecord) async throws {
        guard var undo = try bench.history.undos().first(where: { $0.item == row.item }) else {
            return try bench.history.closeLanding(of: row.id)
        }
        switch try await bench.git.recoverLanding(intent) {
        case .landed(let commit, _):
            undo.reverted = commit ?? intent.candidate
            try bench.history.closeLanding(of: row.id, commit: undo.reverted)
            try bench.history.save(undo: undo, .asked, "an undo of an earlier life has its commit")
            try? await bench.git.finishLanding(intent)
        case .thrownAway:
            try bench.history.closeLanding(of: row.id)
            try bench.history.end(undo: undo, .failed, "the commit that took it back was itself taken away")
            try? await bench.git.finishLanding(intent)
        case .notLanded: try bench.history.closeLanding(of: row.id)
        case .undecidable(let reason): leaveOpen(row, reason)
        }
    }

    func resumeUndos() async throws {
        for undo in try bench.history.undos() {
            undos[undo.item] = undo
            if undo.reverted == nil { await send(.steer(.undo(undo.item))) }
        }
        await payUndos()
    }
}
