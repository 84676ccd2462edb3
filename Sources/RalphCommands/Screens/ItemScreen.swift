import RalphAPI
import RalphCore

/// One item with all that is known of it.
struct ItemScreen {
    let view: ItemDetailView
    let time: LocalTime
    let terminal: Terminal

    /// Prose wider than this is hard to read.
    private static let widest = 100

    private var page: LabelledPage {
        LabelledPage(width: min(terminal.width ?? ItemScreen.widest, ItemScreen.widest))
    }

    var lines: [Text] {
        let history = HistoryList.table(view.history, time: time).lines(for: terminal)
        return [head] + text + facts + (view.history.isEmpty ? [] : [Text()] + history)
    }

    private var head: Text {
        let item = view.summary
        var head: Text = "\("#\(item.key)", .strong)   \(item.state.rawValue, .of(item.state))"
        head += "   no. \(item.id), line \(item.line)"
        if !item.section.isEmpty { head += "   \(item.section.joined(separator: " > "), .faint)" }
        return head.cut(to: page.width)
    }

    private var text: [Text] {
        let body =
            Text.wrapped(view.title, to: page.width - 2, .strong)
            + Text.wrapped(view.details, to: page.width - 2)
        let criteria = view.criteria.flatMap { criterion in
            Text.wrapped("\(criterion.checked ? "[x]" : "[ ]") \(criterion.text)", to: page.width - 4).map {
                "  " + $0
            }
        }
        return (body + criteria).map { "  " + $0 }
    }

    private var facts: [Text] {
        page.block("why", why) + action + page.block("until", view.waitUntil.map { time.moment($0) })
            + page.block("done", done) + page.block("trouble", trouble)
            + page.block("after", joined(view.after.map { "#\($0)" }, by: ", "))
            + page.block("agent", view.agent.map { Wording.agent($0, view.model) } ?? view.model)
            + page.block("checks", joined(view.checks, by: "; "))
            + page.block("strikes", strikes) + page.block("last", last) + page.block("kept", kept)
            + page.block("note", view.note) + page.block("asked", view.answer?.question)
            + page.block("answer", view.answer?.answer)
    }

    private var why: String? {
        guard let reason = view.reason else { return nil }
        return view.block.map { "\(reason) (\($0.kind.rawValue) since \(time.moment($0.since)))" } ?? reason
    }

    /// Whole, however long: it is there to be copied.
    private var action: [Text] {
        view.action.map { ["  \(Text("do", .faint).padded(to: 8))\($0, .strong)"] } ?? []
    }

    private var done: String? {
        view.doneAt.map { done in
            time.moment(done) + (view.commit.map { ", commit \(Wording.commit($0))" } ?? "")
        }
    }

    /// What went wrong after it landed.
    private var trouble: String? {
        view.history.first { $0.outcome == .landed && $0.commit == view.commit }?.error
    }

    private var strikes: String? {
        guard view.iterations > 0 else { return nil }
        return "\(view.strikes) of \(view.maxStrikes) in \(Wording.plural(view.iterations, "iteration"))"
    }

    private var last: String? {
        view.lastTry.map { last in
            Wording.outcome(last.outcome) + (last.detail.map { ": \($0)" } ?? "")
                + (last.repeats > 1 ? " (the same \(last.repeats) times)" : "")
        }
    }

    private var kept: String? {
        if view.state == .done { return nil }
        return view.kept.map { kept in
            let command = "ralphctl diff \(Wording.argument(view.key, view.id))"
            return "\(Wording.kept(kept)) on \(Wording.commit(kept.base)): \(command)"
        }
    }

    private func joined(_ parts: [String], by separator: String) -> String? {
        parts.isEmpty ? nil : parts.joined(separator: separator)
    }
}
