import Foundation
import RalphCore
import Testing

@testable import RalphHistory

@Suite("each deed is whole, and tells what it did", .timeLimit(.minutes(5)))
struct DeedTests {
    private let state = TemporaryState()

    @Test("the end of an iteration closes its landing, ends its row, changes its item and is summed, at once")
    func finish() throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        try history.openLanding(.sample(iteration))
        #expect(try history.openLandings() == [.sample(iteration)])
        let before = try history.lastEvent()
        (iteration.outcome, iteration.stage, iteration.commit) = (.landed, .landing, ObjectID("9d02e11"))
        iteration.cost = .quoted(1.5)
        item.state = .done
        var end = IterationEnd(iteration: iteration, items: [item])
        end.agents = [AgentRecord(name: "claude")]
        end.learning = "make needs -j1"
        try history.finish(end)
        #expect(try history.openLandings().isEmpty)
        #expect(try history.openIterations().isEmpty)
        #expect(try history.item(item.id)?.state == .done)
        #expect(try history.landings(limit: 5).map(\.id) == [iteration.id])
        #expect(try history.learnings(limit: 5).map(\.text) == ["make needs -j1"])
        #expect(try history.totalSpend().quotedUSD == 1.5)
        #expect(try history.iteration(iteration.id)?.endedAt == .fixed)
        let kinds = try history.events(after: before, limit: 100).map(\.kind)
        #expect(
            kinds == [.landingClosed, .stageChanged, .iterationEnded, .itemChanged, .agentChanged, .learned]
        )
    }

    @Test("a deed of which one part is refused leaves nothing behind, no event either")
    func atomicity() throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        try history.openLanding(.sample(iteration))
        let before = try history.lastEvent()
        iteration.outcome = .landed
        item.state = .done
        let stranger = ItemRecord.sample("stranger")
        #expect(throws: Failure.self) {
            try history.finish(IterationEnd(iteration: iteration, items: [item, stranger]))
        }
        #expect(try history.openIterations().map(\.id) == [iteration.id])
        #expect(try history.openLandings().count == 1)
        #expect(try history.item(item.id)?.state == .open)
        #expect(try history.totalSpend().iterations == 0)
        #expect(try history.lastEvent() == before)
    }

    @Test("an iteration without an outcome cannot be finished")
    func unfinished() throws {
        let history = try state.open()
        let (item, iteration) = try history.beginSample()
        #expect(throws: Failure.self) {
            try history.finish(IterationEnd(iteration: iteration, items: [item]))
        }
    }

    @Test("iterations are numbered per item, named by a unique UUID and given a log directory")
    func ordinals() throws {
        let history = try state.open()
        let (one, two) = (try history.addItem("one"), try history.addItem("two", position: 1))
        var ordinals: [Int] = []
        for item in [one, two, one, one] {
            var iteration = try history.begin(.sample(item: item.id))
            ordinals.append(iteration.ordinal)
            iteration.outcome = .noChange
            #expect(iteration.logDirectory == "logs/\(iteration.id)")
            #expect(try history.iteration(iteration.id)?.logDirectory == iteration.logDirectory)
            try history.finish(IterationEnd(iteration: iteration, items: []))
        }
        #expect(ordinals == [1, 1, 2, 3])
        #expect(try history.item(one.id)?.iterations == 3)
        _ = try history.begin(.sample(item: one.id, uuid: "same"))
        let failure = #expect(throws: Failure.self) { try history.begin(.sample(item: two.id, uuid: "same")) }
        #expect(failure?.storage == .refused)
    }

    @Test("a second landing on the same target is refused while one is open, on another it is not")
    func landings() throws {
        let history = try state.open()
        let (_, first) = try history.beginSample()
        let second = try history.begin(.sample(item: first.item))
        try history.openLanding(.sample(first))
        let failure = #expect(throws: Failure.self) { try history.openLanding(.sample(second)) }
        #expect(failure?.code == .conflict)
        #expect(failure?.message.contains("iteration 1") == true)
        var other = LandingIntent.sample(second)
        other.target = "refs/heads/next"
        try history.openLanding(other)
        #expect(try history.openLandings().map(\.target) == ["refs/heads/main", "refs/heads/next"])
        try history.closeLanding(of: first.id)
        try history.openLanding(.sample(first))
        #expect(try history.openLandings().last == .sample(first))
    }

    @Test("a stage is told once, and an item only when more than its place changed")
    func events() throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        let before = try history.lastEvent()
        iteration.stage = .agent
        try history.save(iteration: iteration)
        iteration.processID = 4711
        try history.save(iteration: iteration)
        item.position = 7
        item.item.line = 90
        try history.saveItems([item])
        item.state = .waiting
        item.reason = "waits for #db"
        try history.saveItems([item])
        let events = try history.events(after: before, limit: 10)
        #expect(events.map(\.kind) == [.stageChanged, .itemChanged])
        #expect(events[0].iteration == iteration.id)
        #expect(events[0].details == ["stage": "agent"])
        #expect(events[1].details == ["key": "login", "state": "waiting", "reason": "waits for #db"])
        #expect(events[1].at == .fixed)
        #expect(try history.events(after: before, limit: 1).count == 1)
        #expect(try history.events(after: events[1].id, limit: 10).isEmpty)
    }

    @Test("a place is written without the rest of its item, and is no event")
    func places() throws {
        let history = try state.open()
        var item = try #require(try history.item(try history.beginSample().0.id))
        let before = try history.lastEvent()
        item.position = 7
        item.item.line = 90
        item.item.boxOffset = 1234
        item.item.criteria = [Criterion(text: "holds", line: 91, boxOffset: 1250, isTicked: false)]
        var other = item
        other.strikes = 4
        other.item.title = "not to be written"
        try history.placeItems([other])
        #expect(try history.item(item.id) == item)
        #expect(try history.events(after: before, limit: 10).isEmpty)
        other.id = ItemID(4711)
        #expect(throws: Failure.self) { try history.placeItems([other]) }
    }

    @Test("a reading of a huge PRD is one event, not one for each item")
    func bulk() throws {
        let history = try state.open()
        let new = (0..<1000).map { ItemRecord.sample("item-\($0)", position: $0) }
        var project = ProjectRecord(name: "tally", repository: "/r", prdPath: "PRD.md")
        project.prdReadAt = .fixed
        var items = try history.saveReading(project: project, changed: [], new: new)
        #expect(items.map(\.id.rawValue) == Array(1...1000))
        for index in items.indices { items[index].state = .withdrawn }
        try history.saveItems(items)
        let kinds = try history.events(after: EventID(0), limit: 100).map(\.kind)
        #expect(kinds == [.itemsChanged, .projectChanged, .prdRead, .itemsChanged])
        #expect(try history.itemCounts() == [.withdrawn: 1000])
    }

    @Test("a question is asked, answered once, and closed by a newer one")
    func questions() throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        iteration.outcome = .question
        var end = IterationEnd(iteration: iteration, items: [item])
        end.question = "array or lines?"
        let asked = try #require(try history.finish(end))
        #expect(try history.openQuestions() == [asked])
        item.answer = Answer(question: asked.question, answer: "array")
        let answered = try history.answer(asked.id, "array", items: [item])
        #expect(answered.state == .answered)
        #expect(try history.question(asked.id) == answered)
        #expect(try history.item(item.id)?.answer?.answer == "array")
        #expect(throws: Failure.self) { try history.answer(asked.id, "lines") }
        let unknown = #expect(throws: Failure.self) { try history.answer(QuestionID(99), "x") }
        #expect(unknown?.code == .notFound)
        for text in ["second?", "third?"] {
            var next = try history.begin(.sample(item: item.id))
            next.outcome = .question
            var end = IterationEnd(iteration: next, items: [])
            end.question = text
            try history.finish(end)
        }
        #expect(try history.openQuestions().map(\.question) == ["third?"])
        #expect(try history.questions(of: item.id).map(\.state) == [.open, .closed, .answered])
        try history.closeQuestions(of: item.id)
        #expect(try history.openQuestions().isEmpty)
    }

    @Test("who waits is told of new events after they are readable, and of the end")
    func waiting() async throws {
        let history = try state.open()
        var stream = history.newEvents().makeAsyncIterator()
        _ = try history.addItem()
        let first = try #require(await stream.next())
        #expect(try history.lastEvent() == first)
        for index in 1..<50 { _ = try history.addItem("item-\(index)", position: index) }
        #expect(await stream.next() == EventID(50))
        history.close()
        #expect(await stream.next() == nil)
        var late = history.newEvents().makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    @Test("a listener that went away is forgotten")
    func listeners() async throws {
        let broadcast = EventBroadcast()
        let task = Task { for await _ in broadcast.subscribe() {} }
        task.cancel()
        await task.value
        #expect(broadcast.listenerCount == 0)
    }
}
