import struct Foundation.Date

extension RunMachine {
    /// Minutes after which a hold probes its own cause: the first, second, third time, and then each time.
    private static let probeMinutes = [1.0, 5.0, 15.0, 60.0]
    /// To look at a disk costs nothing, and what ends such a hold is often a person who stands by.
    private static let storageProbeMinutes = [5.0, 5, 10, 10, 15, 15, 30, 60].map { $0 / 60 }

    /// Does what a person asks for.
    mutating func steer(_ command: Command, now: Date) -> [Action] {
        switch command {
        case .pause(let isNow):
            setPaused(true)
            return isNow ? running.keys.sorted().map { .cancel($0, reason: "paused") } : []
        case .resume:
            setPaused(false)
            setHold(nil)
            triedHold = nil
            isProbing = false
            for (id, record) in items
            where record.state == .waiting && record.backoffs > 0 && record.block == nil {
                change(id) { $0.waitUntil = nil }
            }
        case .retry(let id, let note, let isFresh):
            return retry(id, note: note, isFresh: isFresh)
        case .skip(let id):
            let isRunning = running[id] != nil
            giveUpLanding(id, "skipped")
            change(id) {
                $0.block = Block(
                    kind: .skipped,
                    message: "skipped by you; ralphctl retry takes it up again",
                    since: now
                )
            }
            return isRunning ? [.cancel(id, reason: "skipped")] : []
        case .accept(let id):
            giveUpLanding(id, "accepted by hand")
            let cancel: [Action] = running[id] == nil ? [] : [.cancel(id, reason: "accepted by hand")]
            return cancel + markDone(id, commit: nil, tickOwed: true, now: now)
        case .answer(let id, let text):
            let question = items[id]?.block?.message ?? ""
            forgiveBlock(id)
            change(id) { $0.answer = Answer(question: question, answer: text) }
        case .undo(let id): askUndo(id, now: now)
        case .retryAgent(let name):
            for key in agents.keys where key == name || key.hasPrefix(name + ":") {
                changeAgent(key) { $0 = AgentRecord(name: key) }
            }
            for id in parked.keys where parked[id]?.reviewer?.name == name { parked[id]?.next = now }
        }
        return []
    }

    private mutating func retry(_ id: ItemID, note: String?, isFresh: Bool) -> [Action] {
        guard running[id] == nil else { return [] }
        let wasDone = items[id]?.state == .done
        let isAgain = wasDone || items[id]?.block?.kind == .undone
        let landed = items[id]?.commit
        // Work that only lacks the money for its review gets it.
        if isFresh || note != nil || parked[id]?.isShort != true {
            giveUpLanding(id, "tried again", isFresh: isFresh)
        }
        forgive(id)
        // What the iteration that waits has cost is added when it ends, and is forgiven too.
        if let charge = ledger.waiting[id]?.charge { change(id) { $0.forgiven = charge } }
        change(id) {
            $0.state = .open
            $0.commit = nil
            $0.doneAt = nil
            $0.note = note ?? $0.note
            if isFresh || isAgain {
                $0.kept = nil
                $0.lastTry = nil
            }
            if isAgain, note == nil, let landed {
                $0.note =
                    wasDone
                    ? "This landed before, as \(landed.short); do it again, or better."
                    : "This landed before, as \(landed.short), and was taken back; do it another way."
            }
        }
        return wasDone ? [.untick([id])] : []
    }

    private mutating func forgiveBlock(_ id: ItemID) {
        change(id) {
            $0.block = nil
            $0.waitUntil = nil
        }
    }

    mutating func putDown(_ id: ItemID, _ trouble: Trouble?, now: Date) {
        let wasClaimed = running.removeValue(forKey: id) != nil
        if wasClaimed { ledger.forget(id) }
        landing.remove(id)
        if dropping[id]?.isAsked == true { dropping[id] = nil }
        change(id) {
            if $0.state == .running { $0.state = .open }
            if wasClaimed { $0.iterations -= 1 }
        }
        if let trouble { raise(trouble.kind, trouble.message, now: now) }
    }

    /// Holds the project; the same hold again only counts its probe.
    mutating func raise(_ kind: Hold.Kind, _ message: String, now: Date) {
        let last = (project.hold ?? triedHold).flatMap { $0.kind == kind ? $0 : nil }
        let tries = last.map { $0.tries + 1 } ?? 0
        let isNear = kind == .storage || kind == .repository
        let steps = isNear ? Self.storageProbeMinutes : Self.probeMinutes
        let minutes = steps[min(tries, steps.count - 1)]
        isProbing = false
        setHold(
            Hold(
                kind: kind,
                message: message,
                since: last?.since ?? now,
                tries: tries,
                nextProbe: now.addingTimeInterval(minutes * 60)
            )
        )
    }

    mutating func probed(_ trouble: Trouble?, now: Date) {
        isProbing = false
        if let trouble { return raise(trouble.kind, trouble.message, now: now) }
        triedHold = project.hold
        setHold(nil)
    }

    /// Asks for a probe when the hold's next one is due.
    mutating func probeIfDue(now: Date) -> [Action] {
        // A probe runs checks, and checks of one project never overlap: those of a landing and of an undo come first.
        guard hasRead, let hold = project.hold, !isProbing, !isStopping, hold.nextProbe <= now,
            running.isEmpty, landing.isEmpty, !isUndoing
        else {
            return []
        }
        if hold.kind == .budget {
            // What it is about is known here: claiming raises it again if nothing has changed.
            liftedHold = hold
            setHold(nil)
            return []
        }
        isProbing = true
        return [.probe(hold.kind)]
    }
}
