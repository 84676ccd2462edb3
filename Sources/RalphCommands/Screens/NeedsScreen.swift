import RalphAPI
import RalphCore

/// What needs a person: each thing with what it is, what is wrong, and the command that ends it.
struct NeedsScreen {
    let needs: [NeedView]
    let time: LocalTime
    let width: Int

    /// How much is shown, and how much where that does not fit: things, and lines of one's message. More is a list of its
    /// own.
    private static let amounts = [
        (most: 8, message: 6), (8, 2), (6, 1), (4, 1), (3, 1), (2, 1), (1, 1), (1, 0),
    ]

    /// What the page has said already and does not say twice.
    let saidAbove: String?

    init(_ needs: [NeedView], time: LocalTime, width: Int, saidAbove: String? = nil) {
        self.needs = needs
        self.time = time
        self.width = width
        self.saidAbove = saidAbove
    }

    var lines: [Text] { lines(saying: "nothing needs you", "needs you") }

    /// As many as fit into so many lines, at least one.
    func lines(within height: Int?) -> [Text] {
        guard let height, !needs.isEmpty else { return lines }
        let tries = Self.amounts.lazy.map { lines(saying: "", "needs you", $0) }
        return tries.first { $0.count <= height } ?? lines(saying: "", "needs you", (1, 0))
    }

    /// - Parameters:
    ///   - none: what is said when there is nothing.
    ///   - title: the head of the list.
    func lines(saying none: String, _ title: String, _ amount: (most: Int, message: Int) = amounts[0])
        -> [Text]
    {
        guard !needs.isEmpty else { return [Text(none, .good)] }
        let rest = needs.count - amount.most
        let more: [Text] = rest > 0 ? ["  and \(rest) more: ralphctl items --state blocked"] : []
        let shown = needs.prefix(amount.most).flatMap { lines(for: $0, message: amount.message) }
        return [Text(), Text("\(title) (\(needs.count))", .strong)] + shown + more
    }

    private func lines(for need: NeedView, message most: Int) -> [Text] {
        var head: Text = "  \(NeedsScreen.words(need.kind), .bad)"
        if let question = need.question { head += " \(question)" }
        if let key = need.key { head += ", #\(key)" }
        if let since = need.since { head += ", since \(time.moment(since))" }
        if let title = need.title { head += ": " + Text.quoted(title, to: max(12, width - head.width - 2)) }
        if need.message == saidAbove { head += ": see why" }
        let message = need.message == saidAbove ? [] : Text.wrapped(need.message, to: width - 4)
        let shown = message.prefix(most).map { "    " + $0 }
        let cut: [Text] = message.count > most ? (most > 1 ? ["    …"] : []) : []
        // The command stays whole however long it is: it is there to be copied.
        return [head.cut(to: width)] + shown + cut + ways(out: need, isShort: most == 0)
    }

    /// What a person can do. Of an item that is stuck there is more than one thing, each with its word.
    private func ways(out need: NeedView, isShort: Bool) -> [Text] {
        let words = need.action.split(separator: " ")
        guard need.kind == .blocked, need.action.hasSuffix("--note \"…\""), words.count > 2, !isShort else {
            return ["    \(need.action, .strong)"]
        }
        let name = words[2]
        let place = need.line.map { "     or reword line \($0) of the PRD" } ?? ""
        let lines: [Text] = [
            "    look: \("ralphctl diff \(name)", .strong)     help: \(need.action, .strong)",
            "    drop: \("ralphctl skip \(name)", .strong)\(place)",
        ]
        if lines.allSatisfy({ $0.width <= width }) { return lines }
        return ["    help: \(need.action, .strong)", "    drop: \("ralphctl skip \(name)", .strong)"]
    }

    private static func words(_ kind: NeedView.Kind) -> String {
        switch kind {
        case .question: "question"
        case .blocked: "blocked"
        case .confirm: "to confirm"
        case .hold: "hold"
        case .agent: "agent"
        case .inTheWay: "in the way"
        case .prd: "PRD"
        }
    }
}
