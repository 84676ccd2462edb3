import RalphAPI
import RalphCore

/// `ralphctl status` for a person: the answer first, then why, what is next, what it cost, and last, nearest to the
/// prompt, what only they can do, with the very command. A line without content is left out.
struct StatusScreen {
    let view: StatusView
    let time: LocalTime
    let page: LabelledPage

    /// The screen is made for this many columns; a wider terminal does not make it easier to read.
    private static let widest = 80
    /// The prompt's.
    private static let linesBelow = 1
    private let height: Int?

    init(_ view: StatusView, time: LocalTime, terminal: Terminal) {
        self.view = view
        self.time = time
        page = LabelledPage(width: min(terminal.width ?? StatusScreen.widest, StatusScreen.widest))
        height = terminal.height.map { $0 - StatusScreen.linesBelow }
    }

    /// On a screen no more than fit on it: what needs the person gives way first, and says how to see all of it.
    var lines: [Text] {
        let facts =
            [head]
            + why + now + page.line("next", next) + page.line("items", items) + page.line("since", since)
            + page.line("spend", spend) + page.line("agents", agents) + checksAndPRD
        let needs = NeedsScreen(view.needsYou, time: time, width: page.width, saidAbove: view.hold?.message)
        return facts + needs.lines(within: height.map { $0 - facts.count })
    }

    private var head: Text {
        var parts: [Text] = [Text(view.project, .strong), state]
        if let target = view.target {
            parts.append(Text(view.tip.map { "\(target) \(Wording.commit($0))" } ?? target))
        }
        if view.pid != nil, let started = view.startedAt {
            parts.append("up \(Wording.duration(from: started, to: time.now))")
        }
        let left = Text.list(parts, by: "   ")
        let right = Text(time.head(), .faint)
        guard left.width + right.width + 2 < page.width else { return left + "   " + right }
        return left.padded(to: page.width - 1 - right.width) + right
    }

    private var state: Text {
        let name = view.state.rawValue
        switch view.state {
        case .running, .idle: return Text(name, .good)
        case .waiting:
            guard let until = view.until else { return Text(name, .notice) }
            let left = Wording.duration(from: time.now, to: until)
            return Text("waiting until \(time.moment(until)) (\(left))", .notice)
        case .held: return Text(view.hold.map { "held since \(time.moment($0.since))" } ?? name, .bad)
        case .paused: return Text(name, .notice)
        case .stopped: return Text(name, .bad)
        }
    }

    private var why: [Text] {
        guard let hold = view.hold else { return view.reason.map { page.block("why", $0) } ?? [] }
        let tries = hold.tries == 1 ? "1 try" : "\(hold.tries) tries"
        return page.block("why", hold.message)
            + page.line("", "tries by itself again at \(time.moment(hold.nextProbe)); \(tries) so far")
    }
}

// MARK: - Now and next

extension StatusScreen {
    private var now: [Text] {
        if view.running.isEmpty {
            return view.state == .waiting || view.state == .held ? page.line("now", "nothing") : []
        }
        return view.running.enumerated().flatMap { index, running in
            lines(for: running, label: index == 0 ? "now" : "")
        }
    }

    private func lines(for running: RunningView, label: String) -> [Text] {
        let since = Wording.duration(from: running.startedAt, to: time.now)
        let tries = Text("   try \(running.strikes + 1) of \(running.maxStrikes), \(since) so far")
        let room = page.room - tries.width
        let name = Text.named(running.key, running.title, to: room)
        var stage = "\(Wording.agent(running.agent, running.model)), \(StatusScreen.words(running.stage))"
        if running.stage == .agent, let last = running.lastOutputAt {
            stage += "; last output \(Wording.duration(from: last, to: time.now)) ago"
        }
        let command = "follow: ralphctl log \(Wording.argument(running.key, running.item)) -f"
        return page.line(label, name.padded(to: room) + tries) + page.line("", Text(stage))
            + page.line("", Text(command))
    }

    private static func words(_ stage: Stage) -> String {
        switch stage {
        case .preparing: "its workspace is set up"
        case .agent: "at work"
        case .snapshot: "its work is taken"
        case .checks: "its checks run"
        case .review: "in review"
        case .landing: "landing"
        }
    }

    private var next: Text? {
        guard let first = view.next.first else { return nil }
        let more = max(view.count(.open), view.next.count) - 1
        let at = view.state == .waiting ? view.until.map { " at \(time.moment($0))" } : nil
        let tail = Text("\(at ?? "")\(more > 0 ? ", then \(more) more" : "")")
        return Text.named(first.key, first.title, to: page.room - tail.width) + tail
    }
}

// MARK: - Figures

extension StatusScreen {
    private var items: Text {
        let always: [ItemState] = [.done, .running, .open, .waiting]
        let sometimes: [ItemState] = [.blocked, .manual, .later]
        let counts = (always + sometimes.filter { view.count($0) > 0 }).map { state in
            Text("\(view.count(state)) \(state.rawValue)", state == .blocked ? .bad : .plain)
        }
        return Text.list(counts, by: "  ")
    }

    private var since: Text? {
        let since = view.since
        guard since.iterations > 0 else { return nil }
        let iterations = Wording.plural(since.iterations, "iteration")
        var text: Text = "\(time.moment(since.at)): \(since.landed) landed in \(iterations)"
        if let last = since.last {
            let at = " at \(time.moment(last.at))\(last.commit.map { " (\(Wording.commit($0)))" } ?? "")"
            text += ", last " + Text("#\(last.key)").cut(to: page.room - text.width - at.count - 7) + Text(at)
        }
        return text
    }

    private var spend: Text? { SpendWords(view.spend).text }

    private var agents: Text? {
        view.agents.isEmpty ? nil : Text.list(view.agents.map { AgentScreen.words($0, time: time) }, by: ", ")
    }

    /// One line when both fit.
    private var checksAndPRD: [Text] {
        guard let checks = view.checks.map({ Text($0) }) else { return page.line("prd", prd) }
        let both = checks + "        " + prd
        return both.width <= page.room
            ? page.line("checks", both) : page.line("checks", checks) + page.line("prd", prd)
    }

    private var prd: Text {
        let path = Wording.path(view.prd.path, in: view.repository)
        let read = view.prd.readAt.map { " read \(time.moment($0))" } ?? ""
        return "\(path)\(read), \(Text.problems(view.prd.problems))"
    }
}
