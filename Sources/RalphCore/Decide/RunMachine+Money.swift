package import Foundation

extension RunMachine {
    /// Why nothing new may begin for now, and until when: the hours, or the day's budget.
    struct Gate: Equatable, Sendable {
        var reason: String
        var until: Date
        /// The hours: they hold for all, whatever else waits.
        var isForAll: Bool
    }

    /// Why an iteration may not begin: too little is left of a ceiling.
    struct Shortage: Equatable, Sendable {
        var scope: Budget.Scope
        /// "$1.00: $0.90 is spent, and one iteration takes about $0.30".
        var words: String
    }

    /// What there is to spend from, for all items alike.
    struct Purse: Sendable {
        var day = Outlay()
        var dayStart = Date.distantPast
        var dayEnd = Date.distantFuture
        var total = Outlay()
        var typical = Ceiling()
    }

    private static let hair = Allowance.hair
    /// Without experience, what is put by for an iteration is this part of what it may spend.
    private static let firstShare = 0.1

    /// - Parameter id: an item whose waiting iteration is left out.
    func purse(now: Date, without id: ItemID? = nil) -> Purse {
        var ledger = ledger
        if let id { ledger.forget(id) }
        var purse = Purse(total: ledger.spentInTotal, typical: ledger.typical)
        guard !rules.budget.day.isOpen else { return purse }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = rules.budget.zone.flatMap(TimeZone.init(identifier:)) ?? rules.zone
        let start = calendar.startOfDay(for: now)
        purse.dayStart = start
        purse.dayEnd = calendar.date(byAdding: .day, value: 1, to: start) ?? start.addingTimeInterval(86_400)
        purse.day = ledger.spent(from: start, until: purse.dayEnd)
        return purse
    }

    /// The item's own ceiling, else the project's for each item, within what the host allows.
    package func itemCeiling(of record: ItemRecord) -> Ceiling {
        (record.item.attributes.budget ?? rules.budget.item).lowered(to: rules.mostPerItem)
    }

    /// What an iteration of the item may spend now, and what is put by for it.
    func allowance(for record: ItemRecord, _ purse: Purse) -> Result<Allowance, ShortageError> {
        var allowance = room(for: record, purse)
        for unit in Unit.allCases {
            if let shortage = measure(unit, record, purse, into: &allowance) {
                return .failure(ShortageError(shortage: shortage))
            }
        }
        return .success(allowance)
    }

    /// What an iteration whose work waits may spend, all that it spent already with it.
    package func allowance(ofWaiting id: ItemID, now: Date) -> Allowance {
        guard let record = items[id] else { return Allowance() }
        let purse = purse(now: now, without: id)
        var allowance = room(for: record, purse)
        guard let bill = ledger.waiting[id], let at = bill.at, at < purse.dayStart else { return allowance }
        // What it spent on an earlier day takes nothing from this one.
        for unit in Unit.allCases {
            let left = allowance.rooms[.day].flatMap { unit.of($0) }
            if let left {
                unit.set(left + unit.of(bill.charge), in: &allowance.rooms[.day, default: Ceiling()])
            }
        }
        return allowance
    }

    private func room(for record: ItemRecord, _ purse: Purse) -> Allowance {
        var allowance = Allowance()
        allowance.iteration = rules.budget.iteration
        for unit in Unit.allCases {
            for (scope, ceiling, outlay) in ceilings(of: record, purse) {
                guard let ceiling = unit.of(ceiling) else { continue }
                unit.set(ceiling - unit.of(outlay), in: &allowance.rooms[scope, default: Ceiling()])
            }
        }
        return allowance
    }

    /// The ceilings but the iteration's, with what is spent of each.
    private func ceilings(of record: ItemRecord, _ purse: Purse) -> [(Budget.Scope, Ceiling, Outlay)] {
        [
            (.item, itemCeiling(of: record), record.spent - record.forgiven),
            (.total, rules.budget.total, purse.total),
            (.day, rules.budget.day, purse.day),
        ]
    }

    /// The ceiling of which nothing is left for the review of work that waits.
    func reviewShortage(of id: ItemID, _ purse: Purse) -> Shortage? {
        guard var record = items[id] else { return nil }
        record.spent += (ledger.waiting[id]?.charge ?? Outlay()) - record.forgiven
        record.forgiven = Outlay()
        for unit in Unit.allCases {
            for (scope, ceiling, outlay) in ceilings(of: record, purse) {
                guard let ceiling = unit.of(ceiling), ceiling - unit.of(outlay) <= Self.hair else { continue }
                return Shortage(
                    scope: scope,
                    words: Self.words(unit, ceiling, spent: unit.of(outlay), need: nil)
                )
            }
        }
        return nil
    }

    /// A shortage as an error, for `Result`.
    struct ShortageError: Error { var shortage: Shortage }

    /// Dollars or tokens: both are counted alike.
    enum Unit: CaseIterable {
        case usd, tokens

        func of(_ ceiling: Ceiling) -> Double? {
            self == .usd ? ceiling.usd : ceiling.tokens.map(Double.init)
        }
        func of(_ outlay: Outlay) -> Double { self == .usd ? outlay.usd : Double(outlay.tokens) }
        func set(_ amount: Double?, in ceiling: inout Ceiling) {
            switch self {
            case .usd: ceiling.usd = amount
            case .tokens: ceiling.tokens = amount.map { Int(min($0, 1e18)) }
            }
        }
        func words(_ amount: Double) -> String {
            self == .usd ? MoneyText.dollars(amount) : MoneyText.tokens(Int(max(0, min(amount, 1e18))))
        }
    }

    private func measure(_ unit: Unit, _ record: ItemRecord, _ purse: Purse, into allowance: inout Allowance)
        -> Shortage?
    {
        let own = unit.of(rules.budget.iteration)
        let need = [own, unit.of(purse.typical)].compactMap(\.self).min()
        var cap = own.map { (amount: $0, scope: Budget.Scope.iteration) }
        for (scope, ceiling, outlay) in ceilings(of: record, purse) {
            guard let ceiling = unit.of(ceiling) else { continue }
            let spent = unit.of(outlay)
            let left = ceiling - spent
            // A ceiling that nothing was spent of lets one iteration begin, however low it is: that one is capped.
            if left <= Self.hair || spent > 0 && left + Self.hair < need ?? 0 {
                return Shortage(scope: scope, words: Self.words(unit, ceiling, spent: spent, need: need))
            }
            if cap.map({ left < $0.amount }) ?? true { cap = (left, scope) }
        }
        guard let cap else { return nil }
        unit.set(cap.amount, in: &allowance.cap)
        unit.set(min(own ?? need ?? cap.amount * Self.firstShare, cap.amount), in: &allowance.reserved)
        switch unit {
        case .usd: allowance.usdScope = cap.scope
        case .tokens: allowance.tokensScope = cap.scope
        }
        return nil
    }

    private static func words(_ unit: Unit, _ ceiling: Double, spent: Double, need: Double?) -> String {
        let isUp = spent >= ceiling - hair
        let rest = isUp ? "" : need.map { ", and one iteration takes about \(unit.words($0))" } ?? ""
        return "\(unit.words(ceiling)): \(unit.words(spent)) \(unit == .usd ? "is" : "are") spent\(rest)"
    }

    /// Blocks an item whose own ceiling leaves no room for another iteration, and lets it go again when it was raised.
    mutating func weigh(_ id: ItemID, typical: Ceiling, now: Date) {
        guard let record = items[id], record.isOutOfBudget || record.spent != Outlay() else { return }
        guard record.state != .done, running[id] == nil, parked[id] == nil else { return }
        var purse = Purse()
        purse.typical = typical
        guard let shortage = itemShortage(record, purse) else {
            guard record.isOutOfBudget, record.block?.kind == .blocked else { return }
            return change(id) {
                $0.isOutOfBudget = false
                $0.block = nil
            }
        }
        guard record.block == nil else { return }
        let message = words(shortage, of: record)
        change(id) {
            $0.isOutOfBudget = true
            $0.block = Block(kind: .blocked, message: message, since: now)
        }
    }

    /// What is used up, and what helps.
    func words(_ shortage: Shortage, of record: ItemRecord? = nil) -> String {
        switch shortage.scope {
        case .iteration, .item:
            let line = record.flatMap { $0.item.attributes.budget == nil ? nil : $0.item.line }
            let raise =
                line.map { "raise `budget=` on line \($0) of the PRD" }
                ?? "raise `budget: {item: …}` in the front matter"
            return "its budget of \(shortage.words); \(raise), or ralphctl retry gives it as much again"
        case .day:
            return
                "today's budget of \(shortage.words); goes on with the new day, or raise `budget: {day: …}`"
        case .total:
            return
                "the project's budget of \(shortage.words); raise `budget: {total: …}` in the front matter"
        }
    }

    private func itemShortage(_ record: ItemRecord, _ purse: Purse) -> Shortage? {
        var scratch = Allowance()
        for unit in Unit.allCases {
            if let shortage = measure(unit, record, purse, into: &scratch), shortage.scope == .item {
                return shortage
            }
        }
        return nil
    }

    /// Too little is left for an iteration: the day ends by itself, the total does not.
    mutating func refuse(_ shortage: Shortage, _ purse: Purse, now: Date) {
        switch shortage.scope {
        case .iteration, .item: break
        case .day:
            gate = gate ?? Gate(reason: words(shortage), until: purse.dayEnd, isForAll: false)
        case .total:
            if let before = liftedHold { setHold(before) }
            raise(.budget, words(shortage), now: now)
        }
    }

    /// Outside the hours nothing begins.
    func closedGate(now: Date) -> Gate? {
        guard let hours = rules.hours, !hours.isOpen(at: now, in: rules.zone) else { return nil }
        let wants = items.values.contains {
            $0.state == .open
                || $0.state == .waiting && ($0.waitUntil != nil || parked[$0.id]?.reviewer != nil)
        }
        guard wants else { return nil }
        return Gate(
            reason: "outside the hours \(hours)",
            until: hours.nextOpening(after: now, in: rules.zone),
            isForAll: true
        )
    }
}
