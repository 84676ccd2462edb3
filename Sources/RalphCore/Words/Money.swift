/// What was spent: money and tokens. Both count on their own.
package struct Outlay: Equatable, Codable, Sendable {
    package var usd: Double
    /// Of all four classes together.
    package var tokens: Int

    package init(usd: Double = 0, tokens: Int = 0) {
        self.usd = usd
        self.tokens = tokens
    }

    package static func += (sum: inout Outlay, more: Outlay) {
        sum.usd += more.usd
        // Tokens are an agent's word: a sum of them must not be able to end the daemon.
        sum.tokens =
            sum.tokens.addingReportingOverflow(more.tokens).overflow ? .max : sum.tokens + more.tokens
    }

    /// What is left of a sum without a part of it; never less than nothing.
    package static func - (sum: Outlay, part: Outlay) -> Outlay {
        Outlay(usd: max(0, sum.usd - part.usd), tokens: max(0, sum.tokens - part.tokens))
    }
}

/// A bound in US dollars, in tokens, or in both.
package struct Ceiling: Equatable, Codable, Sendable, CustomStringConvertible {
    /// Nil: no bound.
    package var usd: Double?
    /// Of all four classes together. Nil: no bound.
    package var tokens: Int?

    package init(usd: Double? = nil, tokens: Int? = nil) {
        self.usd = usd
        self.tokens = tokens
    }

    package var isOpen: Bool { usd == nil && tokens == nil }

    /// The lower of both, by unit.
    package func lowered(to other: Ceiling) -> Ceiling {
        Ceiling(
            usd: [usd, other.usd].compactMap(\.self).min(),
            tokens: [tokens, other.tokens].compactMap(\.self).min()
        )
    }

    /// As an author writes it: `$2`, `2M tokens`.
    package var description: String {
        [usd.map(MoneyText.dollars), tokens.map(MoneyText.tokens)].compactMap(\.self).joined(
            separator: " and "
        )
    }
}

/// `budget:`: how much may be spent on what.
package struct Budget: Equatable, Codable, Sendable {
    /// What a ceiling holds for.
    package enum Scope: String, CaseIterable, Codable, Sendable { case iteration, item, day, total }

    package var iteration = Ceiling()
    package var item = Ceiling()
    package var day = Ceiling()
    package var total = Ceiling()
    /// Where a day begins at midnight. Nil: on this host.
    package var zone: String?

    package init() {}

    package subscript(scope: Scope) -> Ceiling {
        get {
            switch scope {
            case .iteration: iteration
            case .item: item
            case .day: day
            case .total: total
            }
        }
        set {
            switch scope {
            case .iteration: iteration = newValue
            case .item: item = newValue
            case .day: day = newValue
            case .total: total = newValue
            }
        }
    }

    package var hasUSD: Bool { Scope.allCases.contains { self[$0].usd != nil } }
    package var hasTokens: Bool { Scope.allCases.contains { self[$0].tokens != nil } }
}

/// One entry of `prices:`, in USD for a million tokens.
package struct Price: Equatable, Codable, Sendable {
    package var input: Double
    package var output: Double
    package var cacheRead: Double
    package var cacheWrite: Double

    /// Without a price of their own, cached tokens cost as much as fresh ones: too much rather than too little.
    package init(input: Double, output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead ?? input
        self.cacheWrite = cacheWrite ?? input
    }

    package func usd(of tokens: TokenUsage) -> Double {
        let million = 1e6
        return
            (Double(tokens.input) * input + Double(tokens.output) * output
            + Double(tokens.cacheRead) * cacheRead + Double(tokens.cacheWrite) * cacheWrite) / million
    }
}

extension [String: Price] {
    /// The price that holds for an agent: of the model that answered, of the one that was asked for, of the agent.
    package func price(of agent: AgentChoice, served model: String?) -> Price? {
        let keys = [
            model.map { "\(agent.name):\($0)" }, agent.model.map { "\(agent.name):\($0)" }, agent.name,
        ]
        return keys.compactMap { $0.flatMap { self[$0] } }.first
    }
}

/// Amounts as people write them.
package enum MoneyText {
    /// Nothing that is meant costs more.
    private static let mostDollars = 1e9
    private static let mostTokens = 1e15

    /// `$2`, `2.50 USD`, `500k tokens`, `2M`. Nil for what is none of them, and for a bare number: two dollars and two
    /// tokens are not alike.
    package static func parse(_ text: String) -> Ceiling? {
        var text = text.filter { $0 != " " && $0 != "_" }.lowercased()
        if text.hasPrefix("$") { return dollars(text.dropFirst()) }
        if text.hasSuffix("usd") { return dollars(text.dropLast(3)) }
        var isTokens = false
        for unit in ["tokens", "token", "tok"] where !isTokens && text.hasSuffix(unit) {
            text = String(text.dropLast(unit.count))
            isTokens = true
        }
        var scale = 1.0
        if let unit = text.last, let factor = ["k": 1e3, "m": 1e6, "g": 1e9][unit] {
            (scale, isTokens) = (factor, true)
            text = String(text.dropLast())
        }
        guard isTokens, let number = number(text[...]), case let count = (number * scale).rounded(),
            count >= 1, count <= mostTokens
        else { return nil }
        return Ceiling(tokens: Int(count))
    }

    private static func dollars(_ text: Substring) -> Ceiling? {
        guard let usd = number(text), usd > 0, usd <= mostDollars else { return nil }
        return Ceiling(usd: usd)
    }

    /// Digits and at most one point; what else `Double` understands is no amount.
    private static func number(_ text: Substring) -> Double? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
            return nil
        }
        return Double(text)
    }

    /// `$2.00`; four digits for what is less than ten cents.
    package static func dollars(_ usd: Double) -> String {
        let places = usd != 0 && abs(usd) < 0.0995 ? 4 : 2
        let scale = places == 4 ? 10_000.0 : 100
        guard usd.isFinite, abs(usd) < 1e15 else { return "$?" }
        let units = Int((abs(usd) * scale).rounded())
        let fraction = String(units % Int(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return (usd < 0 ? "-$" : "$") + "\(units / Int(scale)).\(zeros)\(fraction)"
    }

    /// `1.2M tokens`.
    package static func tokens(_ count: Int) -> String {
        let units: [(Int, String)] = [(1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")]
        guard let (size, letter) = units.first(where: { count >= $0.0 }) else { return "\(count) tokens" }
        let tenths = count / (size / 10)
        return (tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)") + letter + " tokens"
    }
}
