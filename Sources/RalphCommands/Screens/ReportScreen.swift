import RalphAPI
import RalphCore

import struct Foundation.Date

/// `ralphctl report` for a person: the sum first, then what landed, and last, nearest to the prompt, what waits for them.
struct ReportScreen {
    let view: ReportView
    let time: LocalTime
    let page: LabelledPage

    private static let widest = 100

    init(view: ReportView, time: LocalTime, terminal: Terminal) {
        self.view = view
        self.time = time
        page = LabelledPage(width: min(terminal.width ?? ReportScreen.widest, ReportScreen.widest))
    }

    var lines: [Text] {
        head + page.line("ended", ended) + slept + page.line("spent", spent) + landed + asked
            + NeedsScreen(view.stuck, time: time, width: page.width).lines(
                saying: "nothing is stuck",
                "stuck"
            )
    }

    private var head: [Text] {
        let days = time.now.timeIntervalSince(view.since)
        let span = Wording.duration(.seconds(max(0, days)))
        let state =
            view.until.map { "\(view.state.rawValue) until \(time.moment($0))" } ?? view.state.rawValue
        let landed =
            view.landedCount == 0
            ? Text("nothing landed", .notice) : Text("\(view.landedCount) landed", .good)
        let short: Text = "\(view.project, .strong)   \(landed) since \(time.moment(view.since))"
        let whole: Text = "\(short) (\(span))   now \(state)"
        let lines =
            whole.width > page.width
            ? [short.cut(to: page.width)] + page.line("now", Text(state)) : [whole]
        return lines + page.block("why", view.reason)
    }

    /// The most frequent first, less what landed.
    private var ended: Text? {
        guard view.iterations > 0 else { return nil }
        let others = view.outcomes.filter { $0.value > 0 && $0.key != Outcome.landed.rawValue }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key.replacing("_", with: " "))" }
        let rest =
            others.isEmpty ? "" : ": " + (["\(view.landedCount) landed"] + others).joined(separator: ", ")
        return "\(Wording.plural(view.iterations, "iteration"))\(rest)"
    }

    private var spent: Text? {
        let unknown = Wording.plural(view.spent.unknownIterations, "iteration")
        if view.spent.usd == 0 { return view.spent.unknownIterations == 0 ? nil : "unknown (\(unknown))" }
        let plan =
            view.spent.planUSD > 0
            ? view.spent.planUSD < view.spent.usd
                ? ", \(Wording.money(view.spent.planUSD)) of it paid by plan" : ", paid by plan"
            : ""
        let rest = view.spent.unknownIterations > 0 ? "; \(unknown) unknown" : ""
        let tokens = "\(Wording.count(view.spent.tokens.output)) tokens out"
        return "≈ \(Wording.money(view.spent.usd))\(plan), \(tokens)\(rest)"
    }

    private var slept: [Text] {
        guard !view.slept.isEmpty else { return [] }
        let total = view.sleptMS > 0 ? "\(Wording.duration(.milliseconds(view.sleptMS))) on limits: " : ""
        let parts = view.slept.map { slept in
            let word = slept.state == .asleep ? "" : " (\(slept.state.rawValue.replacing("_", with: " ")))"
            return
                "\(slept.agent) \(time.moment(max(slept.from, view.since)))–\(slept.until.map(time.moment) ?? "now")\(word)"
        }
        return page.block("slept", total + parts.joined(separator: ", "))
    }

    private var landed: [Text] {
        guard !view.landed.isEmpty else { return [] }
        let more = view.landedCount - view.landed.count
        return [Text(), Text("landed (\(view.landedCount))", .strong)]
            + (more > 0 ? ["  and \(more) before these"] : []) + view.landed.flatMap(lines)
    }

    /// The least that a title gets; the commit gives way to it.
    private static let shortestTitle = 20

    private func lines(for landed: LandedView) -> [Text] {
        let tries = Wording.plural(landed.iterations, "try").replacing("trys", with: "tries")
        let tail: Text = "  \(tries)\(landed.isUndone ? ", undone" : "")"
        let at: Text = "  \(time.moment(landed.at))  "
        let whole = at + "\(landed.commit.map(Wording.commit) ?? "-", .faint)  "
        let room = page.width - 2 - tail.width
        let head = room - whole.width < Self.shortestTitle ? at : whole
        let title = Text.named(landed.key, landed.title, to: max(Self.shortestTitle, room - head.width))
        let trouble = landed.error.map { Text.wrapped($0, to: page.width - 6, .bad) } ?? []
        return [(head + title + tail).cut(to: page.width)] + trouble.map { "      " + $0 }
    }

    private var asked: [Text] {
        guard !view.asked.isEmpty else { return [] }
        let blocks = view.asked.flatMap { question -> [Text] in
            let head: Text =
                "  question \(question.id), \("#\(question.key)", .strong), at \(time.moment(question.askedAt))"
            let body = Text.wrapped(question.text, to: page.width - 4).prefix(6).map { "    " + $0 }
            let end: Text =
                question.answeredAt == nil
                ? "    \("ralphctl answer \(question.id) \"…\"", .strong)"
                : question.answer.map { "    answered: \($0)" } ?? "    closed without an answer"
            return [head.cut(to: page.width)] + body + [end]
        }
        return [Text(), Text("asked (\(view.asked.count))", .strong)] + blocks
    }
}
