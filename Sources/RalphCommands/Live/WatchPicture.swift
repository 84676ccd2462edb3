import RalphAPI
import RalphCore

/// What `ralphctl watch` shows: the status page, and below it what happened, the newest at the bottom.
struct WatchPicture {
    var status: StatusView?
    /// Why nothing comes from the daemon at the moment.
    var trouble: String?
    private(set) var events: [EventView] = []
    private var lines: EventScreen

    /// More than any screen has rows.
    private static let mostEvents = 500
    private static let fewestEvents = 3

    init(items: [ItemView]) { lines = EventScreen(items: items) }

    mutating func add(_ event: EventView) {
        events.append(event)
        if events.count > Self.mostEvents { events.removeFirst(events.count - Self.mostEvents) }
    }

    /// Exactly as many lines as the screen has, at most.
    mutating func lines(width: Int, height: Int, time: LocalTime, style: Terminal) -> [Text] {
        var terminal = style
        terminal.width = width
        terminal.height = max(1, height - Self.fewestEvents - 2)
        let screen = status.map { StatusScreen($0, time: time, terminal: terminal) }
        let trouble = trouble.map { [Text($0, .bad)] } ?? []
        let page = (screen?.lines ?? []) + trouble
        let footer = Text("q quits", .faint)
        guard height > page.count + 2 else {
            return Self.small(screen, trouble, height: max(1, height)) + [footer]
        }
        let room = height - page.count - 2
        let shown = events.suffix(room).map { lines.line($0, time: time) }
        let space = [Text](repeating: Text(), count: room - shown.count)
        return page + [Text()] + shown + space + [footer]
    }

    /// Where not all fits: the head, and what needs the person; facts only in what that leaves.
    private static func small(_ screen: StatusScreen?, _ trouble: [Text], height: Int) -> [Text] {
        guard let screen else { return Array(trouble.prefix(height - 1)) }
        let room = height - 1 - trouble.count
        // One line more: the blank one above them is left out.
        let needs = screen.needs.lines(within: room).drop { $0.isEmpty }
        let facts = screen.facts.prefix(max(0, room - needs.count))
        return Array((facts + trouble + needs).suffix(height - 1))
    }
}
