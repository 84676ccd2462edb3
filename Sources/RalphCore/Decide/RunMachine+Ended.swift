import struct Foundation.Date

extension RunMachine {
    /// Same failure in a row that blocks an item as stuck, no-strike outcomes in a row that block it, silent deaths
    /// and red bases in a row that hold the project (DESIGN.md §4, §6).
    static let tooManyInARow = 3
    private static let firstBackoff = 10.0
    private static let longestBackoff = 300.0

    /// What follows from the end of an iteration.
    mutating func settle(_ ended: IterationResult, now: Date) -> [Action] {
        var end = ended
        running[end.item] = nil
        landing.remove(end.item)
        let hasWaited = parked.removeValue(forKey: end.item) != nil
        let isFresh = dropping.removeValue(forKey: end.item)?.isFresh ?? false
        // A text that was changed and changed back is the one that was worked on.
        let isOvertaken =
            begun.removeValue(forKey: end.item).map { begun in
                items[end.item].map { !$0.item.hasSameContent(as: begun) } ?? false
            } ?? false
        if end.outcome != .cancelled, !isOvertaken { unsettled[end.item] = nil }
        if noteStreaks(end, now: now) {
            end.isExcused = true
            end.signature = nil
        }
        if !end.isSilentDeath { triedHold = nil }
        if let reviewer = rules.reviewer, end.outcome == .landed { forgetRefusals(of: reviewer) }
        ledger.settle(end.item, end.bill, now: now)
        change(end.item) { record in
            record.spent += end.bill.charge - record.forgiven
            record.forgiven = Outlay()
            record.kept = isFresh ? nil : end.kept ?? record.kept
            record.waitUntil = nil
            record.reason = nil
            if hasWaited || record.block?.kind == .inTheWay { record.block = nil }
            if record.state == .running || record.state == .waiting { record.state = .open }
            if end.outcome.consequence != .backoff { record.backoffs = 0 }
        }
        switch end.outcome.consequence {
        case .done where isOvertaken: beginAnew(end)
        case .done: return finish(end, now: now)
        case .again, .backoff:
            strikeOrBound(end, now: now)
            if let trouble = end.trouble { raise(trouble.kind, trouble.message, now: now) }
        case .awaitAnswer: ask(end, now: now)
        case .agentSleeps: sleepAgent(end, now: now)
        case .agentSetAside: setAside(end, now: now)
        case .hold:
            remember(end, repeats: 1)
            if let trouble = end.trouble {
                raise(trouble.kind, trouble.message, now: now)
            } else {
                change(end.item) {
                    $0.block = Block(kind: .blocked, message: end.detail ?? end.outcome.rawValue, since: now)
                }
            }
        }
        return []
    }

    /// Its landing could not be stopped any more when the text changed: no box is ticked for what nobody worked on.
    private mutating func beginAnew(_ end: IterationResult) {
        forgive(end.item)
        change(end.item) {
            $0.kept = nil
            $0.lastTry = nil
            if let commit = end.commit, $0.note == nil {
                $0.note = "What this item said before landed as \(commit.short); do what it says now."
            }
        }
    }

    private mutating func finish(_ end: IterationResult, now: Date) -> [Action] {
        if end.outcome == .alreadyDone, !end.isProved {
            change(end.item) {
                $0.block = Block(
                    kind: .confirm,
                    message: end.detail ?? "the agent says that it was done already; nothing proves it",
                    since: now
                )
            }
            return []
        }
        return markDone(end.item, commit: end.commit, tickOwed: end.isTickOwed, now: now)
    }

    mutating func markDone(_ id: ItemID, commit: ObjectID?, tickOwed: Bool, now: Date) -> [Action] {
        finishedItems += 1
        change(id) { record in
            record.state = .done
            record.reason = nil
            record.commit = commit ?? record.commit
            record.doneAt = now
            record.block = nil
            record.lastTry = nil
            record.backoffs = 0
            record.isTickOwed = tickOwed
        }
        return tickOwed ? [.tick([id])] : []
    }

    private mutating func strikeOrBound(_ end: IterationResult, now: Date) {
        let outcome = end.outcome
        let limit = items[end.item]?.item.attributes.attempts ?? rules.attempts
        let streak = nextStreak(end)
        change(end.item) { record in
            if end.isStrike { record.strikes += 1 }
            record.sameFailure = streak ?? (outcome.isStrike ? nil : record.sameFailure)
            record.unpaid = Self.nextUnpaid(end, record.unpaid)
            if end.isStrike, record.strikes >= limit {
                record.block = Block(
                    kind: .blocked,
                    message: Self.outOfTries(end, strikes: record.strikes),
                    since: now
                )
            } else if let streak, streak.count >= Self.tooManyInARow {
                record.block = Block(kind: .blocked, message: Self.stuck(end, streak), since: now)
            } else if let unpaid = record.unpaid, unpaid.count >= Self.tooManyInARow {
                record.block = Block(kind: .blocked, message: Self.unpaid(end, unpaid), since: now)
            }
        }
        if outcome != .cancelled && outcome != .interrupted || end.isCrash {
            remember(end, repeats: streak?.count ?? 1)
        }
        if outcome.consequence == .backoff, !sitOutOutage(end, now: now) { backOff(end, now: now) }
    }

    private func nextStreak(_ end: IterationResult) -> FailureStreak? {
        guard end.outcome.isStrike, let signature = end.signature else { return nil }
        let model = [end.agent.description, end.model].compactMap(\.self).joined(separator: " ")
        let old = items[end.item]?.sameFailure
        let isSame = old?.signature == signature && old?.model == model
        return FailureStreak(signature: signature, model: model, count: isSame ? (old?.count ?? 0) + 1 : 1)
    }

    private static func nextUnpaid(_ end: IterationResult, _ old: UnpaidStreak?) -> UnpaidStreak? {
        if end.isCrash { return nextDeath(in: end.suspectStage, old) }
        guard end.outcome.isBoundedStreak else { return end.outcome.isStrike ? nil : old }
        return UnpaidStreak(
            outcome: end.outcome,
            count: old?.outcome == end.outcome ? (old?.count ?? 0) + 1 : 1
        )
    }

    /// Deaths of the daemon count against an item only in a row: in one stage, each time with something of the item's
    /// running that brought nothing new. Any other death says that it is not the item's doing.
    private static func nextDeath(in stage: Stage?, _ old: UnpaidStreak?) -> UnpaidStreak? {
        let last = old?.outcome == .interrupted ? old : nil
        guard let stage else { return last == nil ? old : nil }
        return UnpaidStreak(
            outcome: .interrupted,
            count: last?.stage == stage ? (last?.count ?? 0) + 1 : 1,
            stage: stage
        )
    }

    /// Whether work that was being checked when the daemon died may be checked once more.
    package mutating func mayResume(_ id: ItemID, diedIn stage: Stage?) -> Bool {
        let next = Self.nextDeath(in: stage, items[id]?.unpaid)
        if next?.outcome == .interrupted, (next?.count ?? 0) >= Self.tooManyInARow { return false }
        change(id) { $0.unpaid = next }
        return true
    }

    private static func unpaid(_ end: IterationResult, _ streak: UnpaidStreak) -> String {
        guard end.isCrash else {
            return "\(streak.count) times in a row \(streak.outcome.rawValue)" + tail(end)
        }
        let what =
            streak.stage == .checks ? "its checks" : streak.stage == .review ? "its review" : "its agent"
        return
            "ralphd died \(streak.count) times in a row while \(what) ran, and nothing came of it: look at its log "
            + "and at the machine's (out of memory?), then ralphctl retry"
    }

    private static func tail(_ end: IterationResult) -> String { end.detail.map { ": \($0)" } ?? "" }

    private static func outOfTries(_ end: IterationResult, strikes: Int) -> String {
        (strikes == 1 ? "1 try, it" : "\(strikes) tries, the last one") + " ended \(end.outcome.rawValue)"
            + Self.tail(end)
    }

    private static func stuck(_ end: IterationResult, _ streak: FailureStreak) -> String {
        "stuck: the same failure \(streak.count) times" + Self.tail(end)
    }

    private mutating func remember(_ end: IterationResult, repeats: Int) {
        // A provider that was not there says nothing of the work.
        guard end.outcome != .unavailable else { return }
        let last = LastTry(
            outcome: end.outcome,
            detail: end.detail,
            checks: end.checks,
            failingOnBase: end.failingOnBase,
            repeats: repeats,
            hiddenFiles: end.hiddenFiles,
            isLeak: end.isLeak
        )
        change(end.item) { $0.lastTry = last.keeping($0.lastTry) }
    }

    private mutating func backOff(_ end: IterationResult, now: Date) {
        let factor = jitter.factor()
        change(end.item) { record in
            record.backoffs += 1
            guard record.block == nil else { return }
            let wait = min(Self.firstBackoff * Self.power(record.backoffs - 1), Self.longestBackoff) * factor
            record.state = .waiting
            record.waitUntil = now.addingTimeInterval(wait)
            record.reason = "backing off after \(end.outcome.rawValue)" + Self.tail(end)
        }
    }

    private mutating func ask(_ end: IterationResult, now: Date) {
        change(end.item) { record in
            record.unpaid = Self.nextUnpaid(end, record.unpaid)
            let isTooMany = (record.unpaid?.count ?? 0) >= Self.tooManyInARow
            record.block = Block(
                kind: isTooMany ? .blocked : .question,
                message: isTooMany
                    ? "asked \(Self.tooManyInARow) times in a row" + Self.tail(end)
                    : end.detail ?? "a question",
                since: now
            )
        }
    }

    /// True when it is not the item's doing: the agent's, or that of what made the last few end alike, for which the project
    /// holds.
    private mutating func noteStreaks(_ end: IterationResult, now: Date) -> Bool {
        noteAnswer(end)
        let isAgents = noteInstantFailure(end, now: now)
        if end.isSilentDeath, agents[end.agent.name]?.state != .setAside {
            silentDeaths.append(end.item)
        } else {
            silentDeaths = []
        }
        let isBaseOnly = noteBaseFailure(end, now: now)
        if silentDeaths.count >= Self.tooManyInARow {
            giveBack(silentDeaths.dropLast())
            silentDeaths = []
            raise(
                .environment,
                "\(Self.tooManyInARow) iterations in a row died within 5 s without output"
                    + (end.detail.map { ": \($0)" } ?? "")
                    + "; see ralphctl log, then ralphctl resume",
                now: now
            )
            return true
        }
        return isBaseOnly || isAgents
    }

    /// True at the third in a row, of any items, that failed only what fails on the base.
    private mutating func noteBaseFailure(_ end: IterationResult, now: Date) -> Bool {
        guard end.outcome == .checksFailed else {
            if end.outcome == .landed { baseFailures = [] }
            return false
        }
        let failing = end.checks.filter { !$0.verdict.isGreen }.map(\.name)
        guard !failing.isEmpty, failing.allSatisfy(end.failingOnBase.contains) else {
            baseFailures = []
            return false
        }
        baseFailures.append(end.item)
        guard baseFailures.count >= Self.tooManyInARow else { return false }
        giveBack(baseFailures.dropLast())
        baseFailures = []
        raise(
            .baseRed,
            "\(Self.tooManyInARow) iterations in a row failed only what fails without them: "
                + failing.joined(separator: ", ") + "; mend the target branch, or ralphctl resume",
            now: now
        )
        return true
    }

    /// Takes a strike from each of these items, and the block that it was the last one for.
    private mutating func giveBack(_ ids: some Sequence<ItemID>) {
        for id in ids {
            change(id) { record in
                record.strikes = max(0, record.strikes - 1)
                record.sameFailure = nil
                if record.block?.kind == .blocked { record.block = nil }
            }
        }
    }
}
