import struct Foundation.Date

extension RunMachine {
    /// How long a vanished item may be on its way from a cut to a paste, in seconds.
    static let pasteTime = 5.0

    /// Takes a good reading of the PRD into the items.
    mutating func apply(_ reading: Reading, now: Date) -> [Action] {
        var actions: [Action] = []
        var putBack: [ItemID] = []
        for (position, entry) in reading.present.enumerated() {
            missing[entry.id] = nil
            if items[entry.id] == nil { addNew(entry.id, entry.item, position: position, now: now) }
            let isStale =
                items[entry.id].map { $0.isTickOwed && !$0.item.hasSameContent(as: entry.item) } ?? false
            if let cancel = update(entry.id, to: entry.item, position: position, now: now) {
                actions.append(cancel)
            }
            if reading.undone.contains(entry.id) {
                undo(entry.id, now: now)
            } else if let id = tickOwed(
                entry.id,
                entry.item,
                isReopened: isStale || reading.reopened.contains(entry.id)
            ) {
                putBack.append(id)
            }
        }
        for id in reading.absent where missing[id] == nil && items[id]?.state != .withdrawn {
            missing[id] = now
        }
        sortItems()
        let reviewers = rules.reviewer.map { [$0] } ?? []
        for choice in rules.agents + rules.escalate + reviewers { changeAgent(choice.name) { _ in } }
        if !putBack.isEmpty { actions.append(.tick(putBack)) }
        return actions
    }

    private mutating func addNew(_ id: ItemID, _ item: Item, position: Int, now: Date) {
        items[id] = ItemRecord(id: id, item: item, position: position, createdAt: now)
        changedItems.insert(id)
        guard item.isTicked else { return }
        change(id) {
            $0.state = .done
            $0.doneAt = now
        }
    }

    private mutating func update(_ id: ItemID, to item: Item, position: Int, now: Date) -> Action? {
        guard let old = items[id] else { return nil }
        let isSettled = old.state != .withdrawn && (!item.isTicked || old.state == .done && !old.isTickOwed)
        if isSettled, old.item.isAlike(item) {
            guard old.position != position || old.item != item else { return nil }
            items[id]?.item = item
            items[id]?.position = position
            movedItems.insert(id)
            return nil
        }
        let hasNewContent = !old.item.hasSameContent(as: item)
        change(id) {
            $0.item = item
            $0.position = position
            if $0.state == .withdrawn { $0.state = .open }
            if item.isTicked { $0.isTickOwed = false }
        }
        if item.isTicked, old.state != .done {
            change(id) {
                $0.state = .done
                $0.doneAt = now
                $0.reason = nil
                $0.block = nil
            }
            giveUpLanding(id, "ticked by hand")
            return running[id] == nil ? nil : .cancel(id, reason: "ticked by hand")
        }
        // What its check is, is no content; but that it could not start may be what was mended.
        if old.lastTry?.outcome == .checkBroken, old.block?.kind == .blocked,
            old.item.attributes.checks != item.attributes.checks
        {
            forgive(id)
        }
        guard hasNewContent, old.state != .done else { return nil }
        if let block = old.block, block.kind == .blocked || block.kind == .confirm { forgive(id) }
        if running[id] != nil || parked[id] != nil || unsettled[id] != nil {
            unsettled[id] = now.addingTimeInterval(rules.stillTime)
        }
        giveUpLanding(id, "its text changed")
        return running[id] == nil ? nil : .cancel(id, reason: "its text changed")
    }

    /// A done item whose box is open: either the author wants it again, or the tick has to be put back.
    private mutating func tickOwed(_ id: ItemID, _ item: Item, isReopened: Bool) -> ItemID? {
        guard let record = items[id], record.state == .done, !item.isTicked else { return nil }
        if isReopened {
            forgive(id)
            change(id) {
                $0.state = .open
                $0.commit = nil
                $0.doneAt = nil
                $0.kept = nil
            }
            return nil
        }
        return id
    }

    private mutating func undo(_ id: ItemID, now: Date) {
        change(id) {
            $0.state = .blocked
            $0.block = Block(
                kind: .undone,
                message: "undone by you: its landing was reverted; ralphctl retry does it again",
                since: now
            )
            $0.doneAt = nil
        }
    }

    /// Fresh strikes and streaks.
    mutating func forgive(_ id: ItemID) {
        change(id) {
            $0.strikes = 0
            $0.backoffs = 0
            $0.sameFailure = nil
            $0.unpaid = nil
            $0.block = nil
            $0.waitUntil = nil
            $0.spent = Outlay()
            $0.isOutOfBudget = false
        }
    }

    mutating func withdrawMissing(now: Date) -> [Action] {
        var actions: [Action] = []
        let due = missing.filter { now.timeIntervalSince($0.value) >= Self.pasteTime }.keys.sorted()
        for id in due {
            missing[id] = nil
            giveUpLanding(id, "withdrawn from the PRD")
            if running[id] != nil { actions.append(.cancel(id, reason: "withdrawn from the PRD")) }
            change(id) {
                $0.state = .withdrawn
                $0.reason = "no longer in the PRD"
            }
        }
        if !due.isEmpty { sortItems() }
        return actions
    }
}
