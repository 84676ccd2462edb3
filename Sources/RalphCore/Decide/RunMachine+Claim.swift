package import struct Foundation.Date

extension RunMachine {
    /// How often a parked landing is tried again, in seconds.
    private static let parkedPoll = 5.0
    /// Between reviews that came to no verdict, in seconds.
    private static let firstReviewWait = 10.0
    private static let longReviewWait = 3600.0
    /// To ask a reviewer that cannot work costs nothing, and it may be mended any minute.
    private static let longestMendingWait = 300.0
    /// A lock or an operation in progress that is older than this needs a person too, in seconds.
    private static let longestBusy = 600.0

    /// Brings every item's state and reason up to date with time, dependencies, agents and blocks.
    mutating func refresh(now: Date) {
        wakeAgents(now: now)
        unsettled = unsettled.filter { $0.value > now }
        var blockedSections: [[String]: String] = [:]
        let typical = ledger.typical
        for id in order {
            guard let state = items[id]?.state, state != .done, state != .running else { continue }
            weigh(id, typical: typical, now: now)
            guard let record = items[id] else { continue }
            let standing = standing(of: id, record, blockedSections: blockedSections, now: now)
            change(id) {
                $0.state = standing.state
                $0.reason = standing.reason
                $0.waitUntil = standing.until
            }
            if rules.order == .strict, standing.state == .blocked || record.block != nil,
                blockedSections[record.item.section] == nil
            {
                blockedSections[record.item.section] = record.item.key
            }
        }
    }

    private struct Standing {
        var state: ItemState
        var reason: String?
        var until: Date?
    }

    private func standing(
        of id: ItemID,
        _ record: ItemRecord,
        blockedSections: [[String]: String],
        now: Date
    ) -> Standing {
        let item = record.item
        if running[id] != nil { return Standing(state: .running) }
        if item.attributes.mode == .manual { return Standing(state: .manual, reason: "a person does it") }
        if let dropped = dropping[id] {
            return Standing(state: .waiting, reason: "its waiting landing is given up: \(dropped.reason)")
        }
        if parked[id] != nil { return Standing(state: .waiting, reason: record.reason) }
        if let block = record.block {
            return Standing(state: block.kind == .question ? .waiting : .blocked, reason: block.message)
        }
        if item.attributes.mode == .later { return Standing(state: .later, reason: "marked as later") }
        if let error = item.error { return Standing(state: .blocked, reason: error) }
        if let key = blockedSections[item.section] {
            return Standing(state: .waiting, reason: "order is strict and \(key) before it is blocked")
        }
        if let reason = unmetDependency(of: item) { return Standing(state: .waiting, reason: reason) }
        if let until = unsettled[id] {
            return Standing(
                state: .waiting,
                reason: "its text changed; starts once it is still",
                until: until
            )
        }
        if let until = record.waitUntil, until > now, record.state == .waiting, record.backoffs > 0 {
            return Standing(state: .waiting, reason: record.reason, until: until)
        }
        if availableAgent(for: record) == nil {
            let wait = agentWait(of: record)
            return Standing(state: .waiting, reason: wait.reason, until: wait.until)
        }
        return Standing(state: .open, reason: "in line")
    }

    private func unmetDependency(of item: Item) -> String? {
        for key in item.attributes.after {
            guard let id = idsByKey[key], let other = items[id] else {
                return "waits for #\(key), which the PRD does not have"
            }
            if other.state != .done {
                return other.state == .manual
                    ? "waits for #\(key), which a person does" : "waits for #\(key)"
            }
        }
        return nil
    }

    /// Starts what may start now. An item in a backoff keeps its turn: nothing behind it is started in its place.
    mutating func claim(now: Date) -> [Action] {
        gate = nil
        guard hasRead, !isStopping, !project.isPaused, !isProbing, !hasReachedLimit else { return [] }
        let closed = closedGate(now: now)
        // What waits to land is paid for.
        if let hold = project.hold {
            return hold.kind == .budget ? landAgain(isClosed: closed != nil, now: now) : []
        }
        var actions = landAgain(isClosed: closed != nil, now: now)
        if let closed {
            gate = closed
            return actions
        }
        // Nothing that is made now could land.
        if brokenReview != nil { return actions }
        var free = rules.workers - running.count - landing.count - undoWorkers(now: now)
        var purse = purse(now: now)
        for id in order where free > 0 && project.hold == nil {
            guard let record = items[id] else { continue }
            if record.state == .waiting, record.backoffs > 0, let until = record.waitUntil, until > now,
                parked[id] == nil,
                record.block == nil
            {
                free -= 1
                continue
            }
            guard record.state == .open, let agent = availableAgent(for: record) else { continue }
            switch allowance(for: record, purse) {
            case .failure(let error): refuse(error.shortage, purse, now: now)
            case .success(let allowance):
                actions += begin(id, record, with: agent, allowance)
                purse = self.purse(now: now)
                free -= 1
            }
        }
        return actions
    }

    private mutating func begin(
        _ id: ItemID,
        _ record: ItemRecord,
        with agent: AgentChoice,
        _ allowance: Allowance
    )
        -> [Action]
    {
        running[id] = agent
        begun[id] = record.item
        ledger.reserved[id] = allowance.reserved
        change(id) {
            $0.state = .running
            $0.iterations += 1
            $0.reason = nil
            $0.waitUntil = nil
        }
        let note = escalation(of: record, to: agent).map { [Action.note(id, $0)] } ?? []
        return note + [.start(id, agent, allowance)]
    }

    private var hasReachedLimit: Bool { rules.itemLimit.map { finishedItems >= $0 } ?? false }

    /// Work that waits for a reviewer who cannot work before somebody mends it.
    private var brokenReview: ItemID? {
        guard rules.reviewer != nil else { return nil }
        return parked.filter { $0.value.reviewer?.lack == .mending }.keys.min()
    }

    /// Whether the landing of parked work is more than a look at what was in its way.
    private func isAtWork(_ id: ItemID) -> Bool {
        landing.contains(id) && (parked[id].map { $0.reviewer != nil || $0.isResumed } ?? false)
    }

    /// - Parameter isClosed: outside the hours, when no review may begin.
    private mutating func landAgain(isClosed: Bool, now: Date) -> [Action] {
        guard running.count + landing.count + undoWorkers(now: now) < rules.workers else { return [] }
        let due = parked.filter { ($0.value.next <= now || $0.value.isShort) && !landing.contains($0.key) }
        let purse = due.isEmpty ? Purse() : purse(now: now)
        for id in due.keys.sorted() {
            if rules.reviewer != nil, parked[id]?.reviewer != nil {
                if isClosed { continue }
                if let shortage = reviewShortage(of: id, purse) {
                    if project.hold == nil { awaitMoney(id, shortage, purse, now: now) }
                    continue
                }
            }
            if parked[id]?.isShort == true { parked[id]?.reviewer?.lack = .verdict }
            parked[id]?.next = now.addingTimeInterval(Self.parkedPoll)
            landing.insert(id)
            if isAtWork(id) {
                change(id) {
                    $0.state = .running
                    $0.reason = nil
                }
            }
            return [.landAgain(id)]
        }
        return []
    }

    /// Nothing is left of a ceiling for the review of work that waits: it is asked for when there is.
    private mutating func awaitMoney(_ id: ItemID, _ shortage: Shortage, _ purse: Purse, now: Date) {
        let needsPerson = shortage.scope == .item
        parked[id]?.reviewer?.lack = .money
        parked[id]?.until = shortage.scope == .day ? purse.dayEnd : nil
        parked[id]?.needsPerson = needsPerson
        let reason = "no review yet: " + words(shortage, of: items[id])
        change(id) {
            $0.reason = reason
            let since = $0.block?.since ?? now
            $0.block = needsPerson ? Block(kind: .blocked, message: reason, since: since) : nil
        }
        refuse(shortage, purse, now: now)
    }

    /// A landing cannot go on yet.
    mutating func obstruct(_ id: ItemID, _ obstacle: Obstacle, now: Date) {
        if let bill = obstacle.bill { ledger.wait(id, bill) }
        if let reviewer = obstacle.reviewer, let sleeper = reviewer.sleeper {
            sleepAgent(sleeper, obstacle.reason, until: reviewer.until, now: now)
        }
        if let dropped = dropping[id], !dropped.isAsked {
            // It was under way when it was given up.
            running[id] = nil
            landing.remove(id)
            change(id) { $0.state = .waiting }
        } else {
            dropping[id] = nil
            park(id, obstacle, now: now)
        }
        if let trouble = obstacle.trouble { raise(trouble.kind, trouble.message, now: now) }
    }

    /// Gives up a landing that waits, because its item is another one now or a person said so. The work stays kept unless
    /// it is to be begun afresh.
    mutating func giveUpLanding(_ id: ItemID, _ reason: String, isFresh: Bool = false) {
        guard parked.removeValue(forKey: id) != nil else { return }
        dropping[id] = Dropped(reason: reason, isFresh: isFresh)
    }

    /// Asks for the end of what was given up: at once, or by ending the try that is under way.
    mutating func dropLandings() -> [Action] {
        dropping.keys.sorted().compactMap { id in
            guard let dropped = dropping[id], !dropped.isAsked else { return nil }
            if landing.contains(id) { return .cancel(id, reason: dropped.reason) }
            dropping[id]?.isAsked = true
            return .dropLanding(id, reason: dropped.reason)
        }
    }

    private mutating func park(_ id: ItemID, _ obstacle: Obstacle, now: Date) {
        running[id] = nil
        landing.remove(id)
        let first = parked[id]?.since ?? now
        let reviews = reviewsInVain(id, obstacle.reviewer)
        let needsPerson =
            obstacle.needsPerson
            || (obstacle.reviewer.map { isStuck($0, reviews: reviews, now: now) }
                ?? (now.timeIntervalSince(first) > Self.longestBusy))
        // Its agent wakes a little behind the stated instant, like any other.
        let wake = obstacle.reviewer?.sleeper.flatMap { agents[$0]?.until } ?? .distantPast
        let until = obstacle.reviewer.map { max(reviewInstant($0, reviews: reviews, now: now), wake) }
        parked[id] = Parked(
            next: until ?? now.addingTimeInterval(Self.parkedPoll),
            since: first,
            needsPerson: needsPerson,
            reviewer: obstacle.reviewer,
            reviews: reviews,
            until: until
        )
        change(id) {
            $0.state = .waiting
            $0.reason = obstacle.reason
            let since = $0.block?.kind == .inTheWay ? $0.block?.since : nil
            $0.block =
                needsPerson
                ? Block(
                    kind: .inTheWay,
                    message: obstacle.reason,
                    since: since ?? now,
                    agent: obstacle.reviewer?.name
                ) : nil
        }
    }

    private func reviewsInVain(_ id: ItemID, _ reviewer: Obstacle.Reviewer?) -> Int {
        guard let reviewer else { return 0 }
        let wasAsked = reviewer.lack != .money && reviewer.lack != .rest
        return (parked[id]?.reviews ?? 0) + (wasAsked ? 1 : 0)
    }

    /// A limit ends by itself, unless its end is over and it is there again all the same.
    private func isStuck(_ reviewer: Obstacle.Reviewer, reviews: Int, now: Date) -> Bool {
        switch reviewer.lack {
        case .mending: true
        case .money, .rest: false
        case .verdict: reviewer.until ?? now <= now && reviews >= Self.tooManyInARow
        }
    }

    /// Each review is a run that costs: after three in vain it is asked for once an hour, until somebody mends what it lacks.
    private mutating func reviewInstant(_ reviewer: Obstacle.Reviewer, reviews: Int, now: Date) -> Date {
        let factor = jitter.factor()
        switch reviewer.lack {
        case .money: return now
        case .mending:
            let wait = min(Self.firstReviewWait * Self.power(reviews), Self.longestMendingWait)
            return now.addingTimeInterval(wait * factor)
        case .rest: return max(reviewer.until ?? now.addingTimeInterval(Self.longestMendingWait), now)
        case .verdict: break
        }
        if let until = reviewer.until, until > now || reviews < Self.tooManyInARow {
            return max(until, now).addingTimeInterval(Self.firstReviewWait * factor)
        }
        let wait =
            reviews < Self.tooManyInARow ? Self.firstReviewWait * Self.power(reviews) : Self.longReviewWait
        return now.addingTimeInterval(wait * factor)
    }

    /// An earlier life left green work that only has to be checked and landed: first in line.
    /// - Parameters:
    ///   - bill: what the iteration came to so far.
    ///   - reviews: how often a reviewer was asked in vain; nil when the work is not under review.
    package mutating func resumeLanding(of id: ItemID, _ bill: Bill, reviews: Int? = nil, now: Date) {
        ledger.wait(id, bill)
        park(
            id,
            Obstacle(reason: "checks and landing go on where the last run ended", needsPerson: false),
            now: now
        )
        parked[id]?.next = now
        parked[id]?.isResumed = true
        if let reviews, let reviewer = rules.reviewer {
            parked[id]?.reviewer = Obstacle.Reviewer(reviewer.name)
            parked[id]?.reviews = reviews
        }
    }

    /// When something will happen by itself.
    func nextWake(now: Date) -> Date? {
        // What waits for money is looked at with the budget's gate or hold.
        var instants: [Date] = parked.values.filter { !$0.isShort }.map(\.next) + Array(unsettled.values)
        instants += missing.values.map { $0.addingTimeInterval(Self.pasteTime) }
        instants += agents.values.compactMap(\.until)
        if let hold = project.hold { instants.append(hold.nextProbe) }
        if !isUndoing, let undo = undos.first { instants.append(undo.next) }
        if let gate { instants.append(gate.until) }
        for id in order {
            if let record = items[id], record.state == .waiting, let until = record.waitUntil {
                instants.append(until)
            }
        }
        return instants.filter { $0 > now }.min()
    }

    func currentMood(now: Date) -> ProjectMood {
        var mood = project
        mood.until = nil
        mood.reason = nil
        if isStopping {
            mood.state = running.isEmpty && !isUndoing ? .stopped : .running
        } else if let hold = project.hold {
            (mood.state, mood.reason, mood.until) = (.held, hold.message, hold.nextProbe)
        } else if !running.isEmpty || landing.contains(where: isAtWork) || isUndoing {
            mood.state = .running
        } else if project.isPaused {
            (mood.state, mood.reason) = (.paused, "paused; ralphctl resume goes on")
        } else if let wait = firstWait(gate) {
            (mood.state, mood.reason, mood.until) = (.waiting, wait.reason, wait.until)
        } else {
            (mood.state, mood.reason) = (
                .idle, "nothing left that can run; add work to the PRD and it starts at once"
            )
        }
        return mood
    }

    /// What goes on first without a person: an item, or all of them when the gate opens.
    private func firstWait(_ gate: Gate?) -> (reason: String?, until: Date?)? {
        if let gate, gate.isForAll { return (gate.reason, gate.until) }
        var waits = order.compactMap { id -> (reason: String?, until: Date?)? in
            guard let record = items[id], record.state == .waiting else { return nil }
            if let landing = parked[id] {
                return (record.reason, landing.needsPerson ? nil : landing.until ?? landing.next)
            }
            guard record.block == nil else { return nil }
            return (record.waitUntil ?? nextTrial(of: record)).map { (record.reason, $0) }
        }
        if let gate { waits.append((gate.reason, gate.until)) }
        return waits.min { ($0.until ?? .distantFuture) < ($1.until ?? .distantFuture) }
    }

    /// Items that go on by themselves at a known instant, with it.
    func longWaits(now: Date) -> [(record: ItemRecord, until: Date)] {
        order.compactMap { id in
            guard let record = items[id], record.state == .waiting, record.block == nil else { return nil }
            let until = parked[id].map { $0.reviewer == nil ? nil : $0.until } ?? record.waitUntil
            return until.flatMap { $0 > now ? (record, $0) : nil }
        }
    }

    /// With `--until-done` or `--items`: the exit code, once nothing is left that can run by itself.
    func exitCode(now: Date) -> Int32? {
        guard running.isEmpty, landing.isEmpty, dropping.isEmpty, !isUndoing else { return nil }
        if isStopping { return 0 }
        guard hasRead else { return nil }
        if hasReachedLimit { return 0 }
        guard rules.isUntilDone, missing.isEmpty, undos.isEmpty, !isProbing else { return nil }
        if project.hold != nil { return ExitCode.needsPerson }
        if project.isPaused { return nil }
        if brokenReview != nil { return ExitCode.needsPerson }
        let live = order.compactMap { items[$0] }
        if gate == nil, live.contains(where: { $0.state == .open || $0.state == .running }) { return nil }
        let waits = longWaits(now: now).map(\.until)
        if let until = gate.map({ $0.isForAll ? $0.until : waits.reduce($0.until, min) }) ?? waits.min() {
            guard let longest = rules.longestWait else { return nil }
            return until.timeIntervalSince(now) > longest.seconds ? ExitCode.waitTooLong : nil
        }
        if !parked.isEmpty {
            let isStuck = parked.values.allSatisfy {
                $0.needsPerson || $0.reviewer == nil && now.timeIntervalSince($0.since) > Self.longestBusy
            }
            return isStuck ? ExitCode.needsPerson : nil
        }
        let isAllDone = live.allSatisfy {
            [.done, .later, .manual].contains($0.state) || $0.block?.kind == .skipped
        }
        return isAllDone ? 0 : ExitCode.needsPerson
    }
}

/// How `ralphd --until-done` ends when not all is done.
package enum ExitCode {
    package static let needsPerson: Int32 = 3
    package static let waitTooLong: Int32 = 4
}

extension Duration {
    /// As a floating-point number, for arithmetic with `Date`.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
