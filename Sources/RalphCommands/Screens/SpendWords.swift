import RalphAPI
import RalphCore

/// What was spent, in a line: "today ≈ $6.40 of $20.00, total ≈ $31.07 (list price; paid by plan)".
struct SpendWords {
    let view: SpendView

    init(_ view: SpendView) { self.view = view }

    /// Nil when nothing was spent, and nothing is bounded.
    var text: Text? {
        let unknown = Wording.plural(view.unknownIterations, "iteration")
        guard let total = view.totalUSD, total > 0 || view.budget != nil else {
            guard view.unknownIterations > 0 || view.budget != nil else { return nil }
            let dollars = view.unknownIterations > 0 ? "unknown (\(unknown))" : nil
            return Text([dollars, tokens].compactMap(\.self).joined(separator: "; "))
        }
        var parts = [
            "today \(amount(view.todayUSD, of: view.budget?.day.usd)), total \(amount(total, of: view.budget?.total.usd))"
        ]
        if view.planUSD > 0 {
            parts[0] += view.planUSD >= total - 0.005 ? " (list price; paid by plan)" : " (in part by plan)"
        }
        if let tokens { parts.append(tokens) }
        if view.unknownIterations > 0 { parts.append("\(unknown) unknown") }
        if view.todayAssumedUSD > 0 {
            let them = view.unknownIterations > 1 ? "them" : "it"
            parts.append("\(Wording.money(view.todayAssumedUSD)) assumed for \(them) today")
        }
        return Text(parts.joined(separator: "; "))
    }

    private func amount(_ usd: Double?, of ceiling: Double?) -> String {
        (usd == nil ? "unknown" : "≈ \(Wording.money(usd))")
            + (ceiling.map { " of \(Wording.money($0))" } ?? "")
    }

    /// Only where a budget counts them.
    private var tokens: String? {
        let (day, total) = (view.budget?.day.tokens, view.budget?.total.tokens)
        let parts = [
            day.map { "today \(Wording.count(view.todayTokens)) of \(Wording.count($0))" },
            total.map { "total \(Wording.count(view.totalTokens)) of \(Wording.count($0))" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ") + " tokens"
    }
}
