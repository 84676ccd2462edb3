import RalphAgents
import RalphCore

/// Counts along while an agent works, and says when it has spent what it may.
struct SpendingMeter: Sendable {
    let agent: AgentChoice
    let allowance: Allowance
    let prices: [String: Price]

    /// What the agent says, else what `prices:` make of its tokens.
    func cost(of spending: Spending) -> Cost {
        // Whoever tells what was written and not what was read tells too little to make a price of.
        guard case .unknown = spending.cost, let tokens = spending.tokens, tokens.isWhole,
            let price = prices.price(of: agent, served: spending.model)
        else { return spending.cost }
        return .derived(price.usd(of: tokens))
    }

    /// For the CLI's own option. It takes dollars, and four places of them are enough.
    var capUSD: Double? { allowance.cap.usd.map { max(0.0001, ($0 * 10_000).rounded() / 10_000) } }

    func isOver(_ spending: Spending) -> Bool {
        if let cap = allowance.cap.usd, let usd = cost(of: spending).usd, usd > cap { return true }
        if let cap = allowance.cap.tokens, let tokens = spending.tokens?.total, tokens > cap { return true }
        return false
    }

    /// Whose ceiling ended the run, and what to tell a person.
    func account(of spending: Spending) -> (scope: Budget.Scope, words: String) {
        let isTokens = allowance.cap.tokens.map { spending.tokens?.total ?? 0 > $0 } ?? false
        let scope = (isTokens ? allowance.tokensScope : allowance.usdScope) ?? .iteration
        let cap =
            isTokens ? allowance.cap.tokens.map(MoneyText.tokens) : allowance.cap.usd.map(MoneyText.dollars)
        let spent =
            isTokens
            ? spending.tokens.map { MoneyText.tokens($0.total) }
            : cost(of: spending).usd.map(MoneyText.dollars)
        let sum = spent.map { " (\($0) spent)" } ?? ""
        guard let cap else { return (scope, "its budget was used up\(sum)") }
        return switch scope {
        case .iteration: (scope, "the budget of \(cap) for one iteration was used up\(sum)")
        case .item: (scope, "the \(cap) left of the item's budget were used up\(sum)")
        case .day: (scope, "the \(cap) left of the day's budget were used up\(sum)")
        case .total: (scope, "the \(cap) left of the project's budget were used up\(sum)")
        }
    }
}

extension Spending {
    init(_ report: AgentReport) { self.init(tokens: report.tokens, cost: report.cost, model: report.model) }
}
