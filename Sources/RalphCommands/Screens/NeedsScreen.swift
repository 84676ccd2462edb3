import RalphAPI
import RalphCore

/// What needs a person: each thing with what it is, what is wrong, and the command that ends it.
struct NeedsScreen {
    let needs: [NeedView]
    let time: LocalTime
    let width: Int

    /// More than this is a list of its own.
    private static let most = 8
    /// Lines of one message.
    private static let longestMessage = 6

    /// What the page has said already and does not say twice.
    let saidAbove: String?

    init(_ needs: [NeedView], time: LocalTime, width: Int, saidAbove: String? = nil) {
        self.needs = needs
        self.time = time
        self.width = width
        self.saidAbove = saidAbove
    }

    var lines: [Text] {
        guard !needs.isEmpty else { return [Text("nothing needs you", .good)] }
        let rest = needs.count - NeedsScreen.most
        let more: [Text] = rest > 0 ? ["  and \(rest) more: ralphctl items --state blocked"] : []
        let shown = needs.prefix(NeedsScreen.most).flatMap { lines(for: $0) }
        return [Text(), Text("needs you (\(needs.count))", .strong)] + shown + more
    }

    private func lines(for need: NeedView) -> [Text] {
        var head: Text = "  \(NeedsScreen.words(need.kind), .bad)"
        if let key = need.key { head += ", #\(key)" }
        if let since = need.since { head += ", since \(time.moment(since))" }
        if let title = need.title { head += ": " + Text.quoted(title, to: max(12, width - head.width - 2)) }
        if need.message == saidAbove { head += ": see why" }
        let message = need.message == saidAbove ? [] : Text.wrapped(need.message, to: width - 4)
        let shown = message.prefix(NeedsScreen.longestMessage)
        let cut: [Text] = message.count > shown.count ? ["    …"] : []
        // The command stays whole however long it is: it is there to be copied.
        return [head.cut(to: width)] + shown.map { "    " + $0 } + cut + ["    \(need.action, .strong)"]
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
