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
        var page = status.map { StatusScreen($0, time: time, terminal: terminal).lines } ?? []
        if let trouble { page.append(Text(trouble, .bad)) }
        let footer = Text("q quits", .faint)
        guard height > page.count + 2 else { return Array(page.prefix(max(1, height))) }
        let room = height - page.count - 2
        let shown = events.suffix(room).map { lines.line($0, time: time) }
        let space = [Text](repeating: Text(), count: room - shown.count)
        return page + [Text()] + shown + space + [footer]
    }
}
