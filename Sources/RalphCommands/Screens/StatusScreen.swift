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
        let facts = facts
        return facts + needs.lines(within: height.map { $0 - facts.count })
    }

    /// What it is like, the head first.
    var facts: [Text] {
        [head]
            + why + now + page.line("next", next) + page.line("items", items) + page.line("since", since)
            + page.line("", slept) + page.block("after", afterLanding)
            + page.block("spend", SpendWords(view.spend).text?.string) + page.line("agents", agents)
            + checksAndPRD
    }

    /// What only the person can do.
    var needs: NeedsScreen {
        NeedsScreen(view.needsYou, time: time, width: page.width, saidAbove: view.hold?.message)
    }

    private var head: Text {
        var parts: [Text] = [Text(view.project, .strong), state]
        if let target = view.target {
            parts.append(Text(view.tip.map { "\(target) \(Wording.commit($0))" } ?? target))
        }
        if view.pid != nil, let started = view.startedAt {
            parts.append("up \(Wording.duration(from: started, to: time.now))")
        }
        while parts.count > 2, Text.list(parts, by: "   ").width > page.width { parts.removeLast() }
        let left = Text.list(parts, by: "   ")
        let right = Text(time.head(), .faint)
        if left.width + right.width + 2 < page.width {
            return left.padded(to: page.width - 1 - right.width) + right
        }
        let both = left + "   " + right
        return both.width > page.width ? left.cut(to: page.width) : both
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
        guard let hold = view.hold, view.state != .stopped else {
            return view.reason.map { page.block("why", $0) } ?? []
        }
        let tries = hold.tries == 1 ? "1 try" : "\(hold.tries) tries"
        return page.block("why", hold.message)
            + page.line("", "tries by itself again at \(time.moment(hold.nextProbe)); \(tries) so far")
    }
}

// MARK: - Now and next

extension StatusScreen {
    private var now: [Text] {
        if view.running.isEmpty {
            if view.count(.running) > 0 { return page.line("now", "an item is being started") }
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
        let stage = StageWords(running, now: time.now).text
        let command = "follow: ralphctl log \(Wording.argument(running.key, running.item)) -f"
        return page.line(label, name.padded(to: room) + tries) + page.line("", stage)
            + page.line("", Text(command))
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

    /// The host's own commands after the last landing, if they failed: the work is there, but it may not be where it is awaited.
    private var afterLanding: String? { view.since.last?.error }

    private var since: Text? {
        let since = view.since
        guard since.iterations > 0 else { return nil }
        let iterations = Wording.plural(since.iterations, "iteration")
        let text: Text = "\(time.moment(since.at)): \(since.landed) landed in \(iterations)"
        guard let last = since.last else { return text }
        let at = " at \(time.moment(last.at))"
        let ends = [at + (last.commit.map { " (\(Wording.commit($0)))" } ?? ""), at, ""]
        let room = ends.map { page.room - text.width - ", last ".count - $0.count }
        guard let fit = room.firstIndex(where: { $0 >= min(last.key.count + 1, Self.shortestKey) }) else {
            return text
        }
        return text + ", last " + Text("#\(last.key)").cut(to: room[fit]) + Text(ends[fit])
    }

    private var slept: Text? {
        guard view.since.sleptMS >= StatusScreen.shortestSleep else { return nil }
        let time = Wording.duration(.milliseconds(view.since.sleptMS))
        return "asleep on limits \(time)        all of it: ralphctl report"
    }

    /// Shorter ones, in milliseconds, are not worth a line.
    private static let shortestSleep: Int64 = 60_000

    /// What a long key is cut to before the rest of its line gives way.
    private static let shortestKey = 12

    private var agents: Text? {
        view.agents.isEmpty ? nil : Text.list(view.agents.map { AgentScreen.words($0, time: time) }, by: ", ")
    }

    /// One line when both fit.
    private var checksAndPRD: [Text] {
        guard let checks = CheckWords(view).text else { return page.line("prd", prd) }
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
