import Foundation
import Logging
import RalphAPI
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import SystemPackage

extension RunService {
    /// Reads every version of the PRD that was saved since the last time, and tells the machine what changed. What cannot be
    /// read or parsed changes nothing but the problems that `status` shows.
    /// - Parameters:
    ///   - isForced: read it even while somebody has it open for writing.
    ///   - evenIfSame: what else decides how it is read has changed.
    func readPRD(isForced: Bool = false, evenIfSame: Bool = false) async {
        // It may have to wait, and is owed until a version was taken.
        isWholeReadingOwed = isWholeReadingOwed || evenIfSame
        guard !bench.gate.isClosed else {
            isReadingOwed = true
            return
        }
        isReadingOwed = false
        let mayWait = document != nil && !evenIfSame
        let stand = await stand()
        if mayWait, await isGitAtWork(stand) { return }
        guard await isPRDBranchCheckedOut() else { return bench.versions.forget() }
        bench.versions.dropOtherBranches()
        if isWholeReadingOwed { bench.versions.takeAgain() }
        var trouble: Failure?
        do { try bench.versions.look(isForced: isForced || evenIfSame || document == nil) } catch {
            trouble = error
        }
        if bench.gate.isClosed {
            // A landing of our own began meanwhile: what was seen keeps its place in the order until it is over.
            isReadingOwed = true
            return
        }
        if mayWait, let stand, !stand.isUnchanged {
            // Git came in between: whose this is shows when it is done.
            bench.versions.forget()
            await settleTimer.set(bench.now().addingTimeInterval(CheckoutStand.settlingTime))
            return
        }
        let saved = bench.versions.take()
        for (index, bytes) in saved.enumerated() {
            if bytes != documentBytes || document == nil || isWholeReadingOwed {
                isWholeReadingOwed = false
                await take(bytes, isLast: index == saved.count - 1 && trouble == nil)
            } else {
                accept()
            }
        }
        if let trouble {
            reject([Diagnostic(line: 1, column: 1, severity: .error, message: trouble.message)])
        }
    }

    /// Takes a version of the PRD, from the file or, at a start on another branch, from the target's tip.
    /// - Parameter isLast: one that was followed at once by another is not complained of.
    func take(_ bytes: [UInt8], isLast: Bool = true) async {
        do throws(Rejection) {
            let new = try PRD.parse(
                bytes,
                defaults: configuration.host.project,
                hadItems: hadItems
            )
            if let problem = configuration.credentialProblem(with: new.settings) {
                if isLast { reject([problem]) }
                return
            }
            await apply(try configuration.admit(new, bytes), bytes)
        } catch {
            if isLast { reject(error.problems) }
        }
    }

    /// At a start too: what was in force before says whether a file without items can be a whole one.
    private var hadItems: Bool {
        if let document { return !document.items.isEmpty }
        return !documentBytes.isEmpty && machine.items.values.contains { $0.state != .withdrawn }
    }

    private func reject(_ problems: [Diagnostic]) {
        let problems = hostProblems + problems
        guard project.prdProblems != problems else { return }
        project.prdProblems = problems
        save(project: project)
        logger.error(
            "the PRD cannot be used as it is; the last good version stays in force",
            metadata: [
                "prd.line": "\(problems.first?.line ?? 0)", "reason": "\(problems.first?.message ?? "")",
            ]
        )
    }

    func accept() {
        let problems = hostProblems + obstacleProblems + (document?.problems ?? []) + tickProblems
        guard project.prdProblems != problems else { return }
        project.prdProblems = problems
        save(project: project)
    }

    private var hostProblems: [Diagnostic] { hostProblem.map { [$0] } ?? [] }

    private func apply(_ new: Document, _ bytes: [UInt8]) async {
        let known = machine.inDocumentOrder
        let faces = known.map { KnownItem($0) }
        let reconciliation = Reconciler.match(faces, with: new.items)
        let hasOtherChanges = !Tick.differsOnlyInBoxes(documentBytes, bytes)
        let boxes = BoxChanges.classify(faces, new.items, reconciliation, hasOtherChanges: hasOtherChanges)
        var ids = [ItemID?](repeating: nil, count: new.items.count)
        var absent: Set<ItemID> = []
        for (index, match) in reconciliation.matches.enumerated() {
            if let match { ids[match.new] = known[index].id } else { absent.insert(known[index].id) }
        }
        FaultPoint.prdParsed.passed()
        do {
            try insertNew(new.items, &ids)
        } catch {
            // Nothing of it was taken: it is read anew when the history takes writes again.
            bench.versions.forget()
            isReadingOwed = true
            return storageTrouble(error)
        }
        FaultPoint.prdItemsInserted.passed()
        let isFirst = document == nil
        let hasOtherSettings = document?.settings != new.settings
        document = new
        documentBytes = bytes
        project.prdProblems = hostProblems + obstacleProblems + new.problems + tickProblems
        project.prdReadAt = bench.now()
        save(project: project)
        rememberInForce(bytes)
        var reading = Reading(
            present: zip(ids, new.items).compactMap { id, item in id.map { ($0, item) } },
            absent: absent
        )
        await judgeLostTicks(boxes.reopened.map { known[$0].id }, &reading)
        let rules = configuration.rules(new.settings)
        if isFirst {
            machine.rules = rules
        } else if hasOtherSettings || machine.rules != rules {
            await send(.rulesChanged(rules))
        }
        if hasOtherSettings { await noteChecks() }
        FaultPoint.prdApplied.passed()
        await send(.read(reading))
    }

    /// Which checks the project has and where its target is, for `status`, before any iteration tells.
    private func noteChecks() async {
        guard let plan = plan(for: nil), case .found(let target)? = try? await bench.git.target(plan.target)
        else {
            return
        }
        project.targetTip = target.tip
        let checks = try? await runner.projectChecks(plan, base: target.tip).get()
        project.checksNote = checks?.note
        let notes = [project.checksNote] + (await workspaceNotes(target.tip))
        project.checksNote =
            notes.contains { $0 != nil } ? notes.compactMap(\.self).joined(separator: "; ") : nil
        save(project: project)
    }

    /// What agents and checks find otherwise than the author does in his checkout.
    private func workspaceNotes(_ tip: ObjectID) async -> [String?] {
        let top = (try? await bench.git.topLevel(of: tip)) ?? []
        let attributes = try? await bench.git.file(RepositoryPath(".gitattributes"), at: tip)
        let hasFilters = attributes.map { String(decoding: $0, as: UTF8.self).contains("filter=") } ?? false
        return [
            top.contains(RepositoryPath(".gitmodules")) ? "the submodules are empty where they run" : nil,
            hasFilters ? "files under a git filter, as of git-lfs, are not filtered where they run" : nil,
        ]
    }

    private func insertNew(_ items: [Item], _ ids: inout [ItemID?]) throws {
        let missing = items.indices.filter { ids[$0] == nil }
        guard !missing.isEmpty else { return }
        let records = missing.map { index in
            var record = ItemRecord(
                id: ItemID(0),
                item: items[index],
                position: index,
                createdAt: bench.now()
            )
            record.reason = "in line"
            return record
        }
        for (index, record) in zip(missing, try bench.history.insertItems(records)) { ids[index] = record.id }
    }

    /// Boxes of finished items that are open now: undone by a revert, asked for again, or lost and to be put back.
    private func judgeLostTicks(_ asked: [ItemID], _ reading: inout Reading) async {
        let lost = reading.present.filter { entry in
            guard let record = machine.items[entry.id] else { return false }
            return record.state == .done && !entry.item.isTicked
        }
        let tip = await currentTip()
        defer { lastTip = tip }
        guard !lost.isEmpty, let ref = project.target else { return }
        let isGits = await isPRDAsGitLeftIt(tip)
        for entry in lost {
            if let commit = machine.items[entry.id]?.commit,
                let standing = try? await bench.git.standing(
                    of: commit,
                    target: ref,
                    prdPath: bench.git.configuration.prdPath
                ), standing == .undone
            {
                reading.undone.insert(entry.id)
            } else if asked.contains(entry.id), !isGits {
                reading.reopened.insert(entry.id)
            } else if machine.items[entry.id]?.isTickOwed == false {
                putBack[entry.id] = bench.now()
            }
        }
    }

    /// Whether git put the file there as it is, by a stash or a checkout, and no author did. What a new commit says of the PRD
    /// is its author's word, though git brought it.
    private func isPRDAsGitLeftIt(_ tip: ObjectID?) async -> Bool {
        guard (try? await bench.git.isAsGitWrote(configuration.prd)) == true else { return false }
        guard let tip, let before = lastTip, tip != before, let path = bench.git.configuration.prdPath,
            let new = try? await bench.git.file(path, at: tip), new == documentBytes
        else { return true }
        return new == (try? await bench.git.file(path, at: before))
    }

    private func currentTip() async -> ObjectID? {
        guard let ref = project.target, case .found(let target)? = try? await bench.git.target(ref) else {
            return nil
        }
        return target.tip
    }

    /// While the PRD's checkout is on another branch, or git is in the middle of something, what it did to the PRD is no edit.
    func isPRDBranchCheckedOut() async -> Bool {
        guard let prdBranch, bench.git.configuration.prdPath != nil else { return true }
        let obstacle: String?
        do {
            obstacle = try await bench.git.prdObstacle(configuration.prd, target: prdBranch)
        } catch {
            obstacle = "its repository cannot be read: \(error.message)"
        }
        guard obstacle != toldObstacle else { return obstacle == nil }
        toldObstacle = obstacle
        if let obstacle { logger.notice("the PRD is not read for now", metadata: ["reason": "\(obstacle)"]) }
        if document != nil { accept() }
        return obstacle == nil
    }

    /// What `status` says while the PRD is not read.
    private var obstacleProblems: [Diagnostic] {
        guard let toldObstacle else { return [] }
        let message = "the PRD is not read for now: \(toldObstacle); what was in force stays so"
        return [Diagnostic(line: 1, column: 1, severity: .warning, message: message)]
    }

    /// How the PRD's checkout stands; nil where it lies in none.
    func stand() async -> CheckoutStand? {
        guard bench.git.configuration.prdPath != nil else { return nil }
        return await bench.git.prdStand(configuration.prd)
    }

    /// True while git may be half way through a checkout. Then the PRD is looked at again as soon as that must be over.
    func isGitAtWork(_ stand: CheckoutStand?) async -> Bool {
        guard let stand, stand.isSettling(butFor: bench.gate.ownIndex) else { return false }
        await settleTimer.set(bench.now().addingTimeInterval(CheckoutStand.settlingTime))
        return true
    }

    /// How the checkout stands when git is done with what it is in the middle of, or has been given up.
    func standOnceSettled() async -> CheckoutStand? {
        let deadline = ContinuousClock.now + .seconds(2)
        while let stand = await stand(), stand.isSettling(butFor: bench.gate.ownIndex),
            ContinuousClock.now < deadline
        {
            try? await ContinuousClock().sleep(for: .milliseconds(20))
        }
        return await stand()
    }

    /// So that a restart compares with what was in force, not with nothing.
    private func rememberInForce(_ bytes: [UInt8]) {
        try? Data(bytes).write(to: URL(filePath: inForceFile), options: .atomic)
    }

    var inForceFile: String { bench.state.appending(Instance.lastPRDFileName).string }
}
