package import struct Foundation.Date

/// What was spent so far, as the ceilings see it. Made of the history at a start, and kept up from then on.
package struct Ledger: Sendable {
    package struct Entry: Equatable, Sendable {
        package var at: Date
        package var charge: Outlay

        package init(at: Date, charge: Outlay) {
            self.at = at
            self.charge = charge
        }
    }

    /// Of all time.
    package var total = Outlay()
    /// The last days', so that a day can be summed wherever it begins.
    package var recent: [Entry] = []
    /// What the last iterations cost in which a model worked and the figure is known, oldest first.
    package var known: [Outlay] = []
    /// Put by for iterations whose agent is at work.
    package var reserved: [ItemID: Ceiling] = [:]
    /// What iterations came to whose agent is done and which are not over: their work is checked, or waits to land.
    package private(set) var waiting: [ItemID: Bill] = [:]

    /// How far back entries are kept: longer than any day.
    package static let horizon = 3.0 * 86_400
    /// How many iterations tell what one costs.
    package static let sampleSize = 10

    package init() {}

    /// The agent is done: what it cost takes the place of what was put by.
    package mutating func wait(_ id: ItemID, _ bill: Bill) {
        reserved[id] = nil
        waiting[id] = bill
    }

    mutating func settle(_ id: ItemID, _ bill: Bill, now: Date) {
        forget(id)
        let charge = bill.charge
        total += charge
        recent.removeAll { now.timeIntervalSince($0.at) > Self.horizon }
        if charge != Outlay() { recent.append(Entry(at: bill.at ?? now, charge: charge)) }
        if let sample = Self.sample(bill) { known = (known + [sample]).suffix(Self.sampleSize) }
    }

    /// As if it had not been begun.
    mutating func forget(_ id: ItemID) {
        reserved[id] = nil
        waiting[id] = nil
    }

    private static func sample(_ bill: Bill) -> Outlay? {
        let sample = Outlay(usd: bill.usd ?? 0, tokens: bill.tokens ?? 0)
        return sample == Outlay() ? nil : sample
    }

    /// With what iterations that are not over came to, or have put by.
    func spent(from start: Date, until end: Date) -> Outlay {
        var sum = putBy
        for bill in waiting.values where bill.at.map({ $0 >= start && $0 < end }) ?? true {
            sum += bill.charge
        }
        for entry in recent where entry.at >= start && entry.at < end { sum += entry.charge }
        return sum
    }

    var spentInTotal: Outlay {
        var sum = putBy
        for bill in waiting.values { sum += bill.charge }
        sum += total
        return sum
    }

    private var putBy: Outlay {
        reserved.values.reduce(into: Outlay()) { $0 += Outlay(usd: $1.usd ?? 0, tokens: $1.tokens ?? 0) }
    }

    /// What an iteration costs by experience; nil where there is none.
    var typical: Ceiling {
        let known = (known + waiting.values.compactMap(Self.sample)).suffix(Self.sampleSize)
        let (dollars, tokens) = (known.map(\.usd).filter { $0 > 0 }, known.map(\.tokens).filter { $0 > 0 })
        return Ceiling(
            usd: dollars.isEmpty ? nil : dollars.reduce(0, +) / Double(dollars.count),
            tokens: tokens.isEmpty ? nil : tokens.reduce(0) { $0 + $1 / tokens.count }
        )
    }
}
