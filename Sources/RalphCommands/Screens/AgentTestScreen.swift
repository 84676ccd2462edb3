import RalphAPI
import RalphCore

/// What a test of an agent saw.
struct AgentTestScreen {
    let view: AgentTestView
    let time: LocalTime

    /// Where nothing is cut.
    private static let widthOfPipes = 1000

    func lines(for terminal: Terminal) -> [Text] {
        let page = LabelledPage(width: terminal.width ?? Self.widthOfPipes)
        let head =
            Text(view.name) + " "
            + (view.isGood ? Text("works", .good) : Text(view.outcome.replacing("_", with: " "), .bad))
        return [head]
            + page.line("program", Text(program))
            + page.line("login", Text(login))
            + page.line("model", view.model.map { Text($0) })
            + page.line("cost", Text(cost))
            + page.line("time", Text(seconds))
            + page.block("said", view.text)
            + page.block("error", view.error)
            + page.line("until", view.until.map { Text(time.moment($0)) })
            + page.block("do", view.action)
    }

    private var program: String {
        guard let path = view.path else { return "\(view.program), not found" }
        return path + (view.version.map { " \($0)" } ?? "")
    }

    private var login: String {
        guard let login = view.login else { return "none is to be seen" }
        return login + (view.bills.map { $0 ? ", paid by use" : ", paid by a plan" } ?? "")
    }

    private var cost: String {
        var parts = [view.costUSD.map { "$\(Self.dollars($0)) \(view.costKind)" } ?? "unknown"]
        if let tokens = view.tokens {
            let input = tokens.input + tokens.cacheRead + tokens.cacheWrite
            parts.append("\(input) tokens in, \(tokens.output) out")
        }
        return parts.joined(separator: ", ")
    }

    private var seconds: String { "\(Double(view.durationMS / 100) / 10) s" }

    /// Four places: a tiny run costs fractions of a cent.
    private static func dollars(_ usd: Double) -> String {
        let units = Int((usd * 10_000).rounded())
        let fraction = String(units % 10_000)
        return "\(units / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
    }
}
