import RalphAPI
import RalphCore

/// `ralphctl watch` on a terminal: draws anew on every event, every second, and when the size changes; goes on where it was
/// when the daemon is restarted; ends with `q`.
struct LiveWatch {
    let project: Project
    let context: CommandContext
    let terminal: LiveTerminal

    private enum Note: Sendable {
        case event(EventView)
        case status(StatusView)
        case terminal(LiveTerminal.Note)
        case second
        /// The daemon is not there; it is tried again.
        case gone(String)
    }

    private static let second: Duration = .seconds(1)
    private static let retryPause: Duration = .seconds(1)
    /// Without an event the page is asked for this often, in seconds: the agent's last output moves on.
    private static let longestRest = 3
    /// With many events it is asked for at most this often.
    private static let shortestRest: Duration = .milliseconds(150)

    /// The daemon is asked beside the drawing: keys are heard however long it takes to answer.
    func run(_ events: EventStream, items: [ItemView]) async throws {
        let (notes, feed) = AsyncStream.makeStream(of: Note.self)
        let (questions, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let keys = terminal.notes
        let (daemon, clock) = (project.reading, context.clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await note in keys { feed.yield(.terminal(note)) } }
            group.addTask {
                while true {
                    try await clock.sleep(for: Self.second)
                    feed.yield(.second)
                }
            }
            group.addTask { try await Self.follow(daemon, from: events, clock, feed) }
            group.addTask { await Self.look(at: daemon, questions, feed) }
            defer { group.cancelAll() }
            try await show(notes, WatchPicture(items: items)) { ask.yield() }
        }
    }

    /// Passes events on; when they end, asks again after the last one, so that none is missed.
    private static func follow(
        _ daemon: any ProjectReading,
        from first: EventStream,
        _ clock: any Clock<Duration>,
        _ feed: AsyncStream<Note>.Continuation
    ) async throws {
        var events: EventStream? = first
        var last: EventID?
        while true {
            do {
                let stream: EventStream
                if let events { stream = events } else { stream = try await daemon.events(after: last) }
                events = nil
                for try await event in stream {
                    last = event.id
                    feed.yield(.event(event))
                }
                feed.yield(.gone("the daemon has stopped; waiting for it"))
            } catch let failure as Failure {
                feed.yield(.gone(trouble(failure)))
            }
            try await clock.sleep(for: retryPause)
        }
    }

    /// Short enough for a narrow screen: a socket's path can be long.
    private static func trouble(_ failure: Failure) -> String {
        switch failure.code {
        case .noAnswer: "the daemon does not answer: it hangs or is stopped; waiting for it"
        case .noDaemon: "no daemon answers; waiting for it"
        default: "\(failure.message); waiting for it"
        }
    }

    /// Asks for the page whenever it is wanted.
    private static func look(
        at daemon: any ProjectReading,
        _ questions: AsyncStream<Void>,
        _ feed: AsyncStream<Note>.Continuation
    ) async {
        for await _ in questions {
            do {
                feed.yield(.status(try await daemon.status()))
            } catch let failure as Failure {
                feed.yield(.gone(trouble(failure)))
            } catch {
                return
            }
        }
    }

    private func show(_ notes: AsyncStream<Note>, _ first: WatchPicture, _ ask: () -> Void) async throws {
        var picture = first
        var rested = 0
        var asked = ContinuousClock.now
        ask()
        try draw(&picture)
        for await note in notes {
            var isStale = false
            switch note {
            case .event(let event):
                picture.add(event)
                picture.trouble = nil
                isStale = asked.duration(to: .now) > Self.shortestRest
                if !isStale { rested = Self.longestRest }
            case .status(let status): (picture.status, picture.trouble) = (status, nil)
            case .terminal(.changed): terminal.forget()
            case .terminal(.key(let key)):
                if [UInt8(ascii: "q"), UInt8(ascii: "Q")].contains(key) { return }
            case .second:
                rested += 1
                isStale = rested >= Self.longestRest
            case .gone(let trouble): picture.trouble = trouble
            }
            if isStale {
                ask()
                (rested, asked) = (0, .now)
            }
            try draw(&picture)
        }
    }

    private func draw(_ picture: inout WatchPicture) throws {
        let (width, height) = terminal.size
        let lines = picture.lines(
            width: width,
            height: height,
            time: context.localTime(),
            style: context.console.terminal
        )
        try terminal.draw(lines)
    }
}
