import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD

/// What the daemon writes into the PRD.
extension RunService {
    /// Ticks what could not be ticked when it landed: the file kept changing or was not to be written, or another branch was
    /// checked out.
    func payTicks() async {
        let owed = machine.items.values.filter {
            $0.state == .done && !$0.item.isTicked && ($0.isTickOwed || owedTicks.contains($0.id))
        }
        if !owed.isEmpty {
            await tick(owed.map(\.id).sorted())
        } else if tickTrouble != nil {
            noteTicks(of: [], trouble: nil)
        }
    }

    /// Ticks finished items whose boxes are open.
    func tick(_ ids: [ItemID]) async {
        await edit(ids) { bytes, known, indices in Tick.finish(indices, of: known, in: bytes) }
    }

    func untick(_ ids: [ItemID]) async {
        await edit(ids, isTick: false) { bytes, known, indices in Tick.open(indices, of: known, in: bytes) }
    }

    private func edit(
        _ ids: [ItemID],
        isTick: Bool = true,
        _ change: ([UInt8], [KnownItem], [Int]) -> [UInt8]?
    ) async {
        let stand = await stand()
        guard await !isGitAtWork(stand), await isPRDBranchCheckedOut() else {
            return owedTicks.formUnion(isTick ? ids : [])
        }
        FaultPoint.tickBegun.passed()
        let known = machine.inDocumentOrder
        let faces = known.map { KnownItem($0) }
        let wanted = Set(ids)
        let indices = known.indices.filter { wanted.contains(known[$0].id) }
        do {
            _ = try bench.versions.edit(while: { stand?.isUnchanged ?? true }) { change($0, faces, indices) }
            noteTicks(of: ids, trouble: nil)
        } catch {
            noteTicks(of: isTick ? ids : [], trouble: error)
        }
        await readPRD()
    }

    private func noteTicks(of ids: [ItemID], trouble: Failure?) {
        if trouble != nil { owedTicks.formUnion(ids) } else { owedTicks.subtract(ids) }
        // A save that is under way ends by itself.
        tickTrouble = trouble?.code == .busy ? nil : trouble
        if let trouble, trouble.code != .busy {
            logger.notice("boxes in the PRD wait to be ticked", metadata: ["reason": "\(trouble)"])
        }
        if document != nil { accept() }
    }

    /// What `status` says while boxes cannot be ticked, and for a day of ticks that were put back.
    var tickProblems: [Diagnostic] { putBackProblems + troubleProblems }

    private static let putBackTime = 86_400.0

    private var putBackProblems: [Diagnostic] {
        let lately = putBack.filter { bench.now().timeIntervalSince($0.value) < Self.putBackTime }.keys
        let items = lately.compactMap { machine.items[$0]?.item }.sorted { $0.line < $1.line }
        guard let first = items.first else { return [] }
        let names = items.prefix(3).map(\.key).joined(separator: ", ") + (items.count > 3 ? ", …" : "")
        let message =
            "a save dropped \(items.count == 1 ? "a tick" : "\(items.count) ticks") of what is done (\(names)): put back; "
            + "ralphctl retry ITEM does one again"
        return [Diagnostic(line: first.line, column: 1, severity: .warning, message: message)]
    }

    private var troubleProblems: [Diagnostic] {
        guard let tickTrouble else { return [] }
        let first = owedTicks.compactMap { machine.items[$0]?.item.line }.min() ?? 1
        let message = "this is done, but its box cannot be ticked: \(tickTrouble.message)"
        return [Diagnostic(line: first, column: 1, severity: .error, message: message)]
    }

    /// Writes an item into the PRD, as an author would, and reads it at once.
    func add(_ item: NewItem, _ reply: CheckedContinuation<AddedItem, any Error>) async {
        let stand = await standOnceSettled()
        guard await isPRDBranchCheckedOut() else {
            let why = toldObstacle ?? "another branch is checked out, or git is in the middle of something"
            let reason = "the PRD is not read for now: \(why); add it when that is over"
            return reply.resume(throwing: Failure(.conflict, reason))
        }
        var result = Result<Item, Failure>.failure(Failure(.internalError, "nothing was added"))
        do {
            _ = try bench.versions.edit(while: { stand?.isUnchanged ?? true }) { bytes in
                do throws(Failure) {
                    let added = try item.added(to: bytes)
                    result = .success(added.item)
                    return added.bytes
                } catch {
                    result = .failure(error)
                    return nil
                }
            }
        } catch {
            return reply.resume(throwing: error)
        }
        await readPRD()
        reply.resume(
            with: result.map { item in
                AddedItem(
                    item: item,
                    id: machine.items.values.first { $0.item.key == item.key && $0.item.line == item.line }?
                        .id
                )
            }.mapError { $0 as any Error }
        )
    }
}
