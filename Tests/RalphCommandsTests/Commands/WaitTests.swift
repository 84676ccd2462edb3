import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("wait")
struct WaitTests {
    private static let event = EventView(EventRecord(id: EventID(1), at: Moment.night, kind: .projectChanged))

    /// Events without end, the first ones at once.
    private func events(_ count: Int) -> AsyncStream<EventView> {
        let (stream, continuation) = AsyncStream.makeStream(of: EventView.self)
        for _ in 0..<count { continuation.yield(WaitTests.event) }
        return stream
    }

    private func detail(_ state: ItemState, block: Block? = nil) -> ItemDetailView {
        var record = ItemRecord(
            id: ItemID(3),
            item: Item(key: "stop", title: "stops", line: 29),
            position: 1,
            createdAt: Moment.night
        )
        record.block = block
        let item = ItemView(id: ItemID(3), key: "stop", title: "stops", line: 29, state: state, maxStrikes: 4)
        return ItemDetailView(item, ItemParticulars(record, history: []))
    }

    @Test("ends with 0 when the item is done, after as many events as that takes", .timeLimit(.minutes(5)))
    func itemDone() async {
        let ctl = Ctl(
            FakeProject {
                $0.events = events(2)
                $0.details = [detail(.open), detail(.running), detail(.done)]
                $0.statuses = [StatusFixture.busy]
            }
        )
        #expect(await ctl.ask("wait", "stop") == 0)
        #expect(ctl.output.text == "#stop done\n")
    }

    @Test(
        "an item that ends between two looks has ended, although the project is idle by then",
        .timeLimit(.minutes(5))
    )
    func itemDoneMeanwhile() async {
        var idle = StatusFixture.allDone
        idle.needsYou = []
        let ctl = Ctl(
            FakeProject {
                $0.events = events(0)
                $0.details = [detail(.running), detail(.done)]
                $0.statuses = [idle]
            }
        )
        #expect(await ctl.ask("wait", "stop") == 0)
        #expect(ctl.output.text == "#stop done\n")
    }

    @Test(
        "ends with 3 when only a person can go on with the item",
        .timeLimit(.minutes(5)),
        arguments: [ItemState.blocked, .manual, .later]
    )
    func itemNeedsPerson(state: ItemState) async {
        let ctl = Ctl(
            FakeProject {
                $0.events = events(0)
                $0.details = [detail(state)]
            }
        )
        #expect(await ctl.ask("wait", "stop") == 3)
    }

    @Test("an item that asked a question needs a person", .timeLimit(.minutes(5)))
    func itemAsked() async {
        let block = Block(kind: .question, message: "which?", since: Moment.night)
        let ctl = Ctl(
            FakeProject {
                $0.events = events(0)
                $0.details = [detail(.waiting, block: block)]
            }
        )
        #expect(await ctl.ask("wait", "stop") == 3)
    }

    @Test("waits for all: 0 when idle and nothing is needed, 3 when something is", .timeLimit(.minutes(5)))
    func everything() async {
        var idle = StatusFixture.allDone
        idle.needsYou = []
        let done = Ctl(
            FakeProject {
                $0.events = events(1)
                $0.statuses = [StatusFixture.busy, idle]
            }
        )
        #expect(await done.ask("wait") == 0)
        let needed = Ctl(
            FakeProject {
                $0.events = events(1)
                $0.statuses = [StatusFixture.busy, StatusFixture.allDone]
            }
        )
        #expect(await needed.ask("wait", "--json") == 3)
        #expect(needed.output.text.contains("\"state\" : \"idle\""))
    }

    @Test("a hold needs a person, a sleep on a limit does not", .timeLimit(.minutes(5)))
    func holds() async {
        let ctl = Ctl(
            FakeProject {
                $0.events = events(1)
                $0.statuses = [StatusFixture.sleeping, StatusFixture.held]
            }
        )
        #expect(await ctl.ask("wait") == 3)
        #expect(ctl.output.text.contains("tally held"))
    }

    @Test("a reason that begins with the state says it once", .timeLimit(.minutes(5)))
    func paused() async {
        var paused = StatusFixture.busy
        (paused.state, paused.reason) = (.paused, "paused; ralphctl resume goes on")
        let ctl = Ctl(
            FakeProject {
                $0.events = events(0)
                $0.statuses = [paused]
            }
        )
        #expect(await ctl.ask("wait") == 3)
        #expect(ctl.output.text.hasPrefix("tally paused; ralphctl resume goes on\n"))
    }

    @Test("ends with 1 when the time is up, and says so", .timeLimit(.minutes(5)))
    func timeout() async {
        let ctl = Ctl(
            FakeProject {
                $0.events = events(0)
                $0.statuses = [StatusFixture.busy]
            }
        )
        #expect(await ctl.ask("wait", "--timeout", "10m") == 1)
        #expect(ctl.errors.text == "ralphctl: not done after 10m: still waiting\n")
        #expect(ctl.output.text.isEmpty)
    }

    @Test("a daemon that stops in between is waited for only so long", .timeLimit(.minutes(5)))
    func daemonGone() async {
        let (stream, continuation) = AsyncStream.makeStream(of: EventView.self)
        continuation.finish()
        let ctl = Ctl(
            FakeProject {
                $0.events = stream
                $0.statuses = [StatusFixture.busy, StatusFixture.busy, StatusFixture.allDone]
            }
        )
        #expect(await ctl.ask("wait") == 3)
    }

    @Test("without any daemon there is nothing to wait for", .timeLimit(.minutes(5)))
    func noDaemon() async {
        #expect(await Ctl().ask("wait") == 69)
    }
}
