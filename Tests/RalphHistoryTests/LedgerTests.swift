import Foundation
import GRDB
import RalphCore
import SystemPackage
import Testing

@testable import RalphHistory

@Suite("what is put by, charged and summed by item", .timeLimit(.minutes(5)))
struct LedgerTests {
    private let state = TemporaryState()

    private func end(
        _ history: SQLiteHistory,
        _ item: ItemRecord,
        _ outcome: Outcome,
        _ cost: Cost,
        reserved: Ceiling = Ceiling()
    ) throws {
        var start = IterationStart.sample(item: item.id)
        start.reserved = reserved
        var iteration = try history.begin(start)
        #expect(iteration.reserved == reserved)
        (iteration.stage, iteration.outcome, iteration.isStrike) = (.checks, outcome, outcome.isStrike)
        let tokens = cost == .unknown ? nil : TokenUsage(input: 10, output: 5)
        iteration.charge(cost, tokens, didWork: true, putBy: iteration.reserved, at: .fixed)
        try history.finish(IterationEnd(iteration: iteration, items: []))
        #expect(try history.iteration(iteration.id)?.assumed == iteration.assumed)
    }

    @Test("the ledger is what was known and what was assumed, with what is put by for what runs")
    func ledger() throws {
        let history = try state.open()
        let (item, other) = (try history.addItem(), try history.addItem("other", position: 1))
        try end(history, item, .landed, .quoted(0.25))
        try end(history, item, .timedOut, .unknown, reserved: Ceiling(usd: 0.5, tokens: 100))
        try end(history, item, .checksFailed, .unknown)
        var start = IterationStart.sample(item: other.id)
        start.reserved = Ceiling(usd: 0.125)
        _ = try history.begin(start)
        let ledger = try history.ledger(now: .fixed)
        #expect(ledger.total == Outlay(usd: 0.75, tokens: 115))
        #expect(ledger.recent.map(\.charge.usd) == [0.25, 0.5, 0])
        #expect(ledger.known == [Outlay(usd: 0.25, tokens: 15)])
        #expect(ledger.reserved == [other.id: Ceiling(usd: 0.125)])
        let day = try history.spend(from: .fixed - 10, until: .fixed + 10)
        #expect(day.totalUSD == 0.25)
        #expect(day.assumedUSD == 0.5)
        #expect(day.unknownIterations == 2)
        #expect(try history.spend(from: .fixed + 1, until: .fixed + 10).iterations == 0)
        #expect(try history.ledger(now: .fixed + 10 * 86_400).recent == [])
    }

    @Test("figures by item, day, agent, model and outcome are the same iterations")
    func figures() throws {
        let history = try state.open()
        let (item, other) = (try history.addItem(), try history.addItem("other", position: 1))
        try end(history, item, .landed, .quoted(0.25))
        try end(history, item, .checksFailed, .quoted(0.5))
        try end(history, other, .landed, .unknown)
        for group in FigureGroup.allCases {
            let figures = try history.figures(by: group, limit: 10)
            #expect(figures.map(\.iterations).reduce(0, +) == 3, "\(group)")
            #expect(figures.map(\.landed).reduce(0, +) == 2, "\(group)")
            #expect(figures.compactMap(\.usd).reduce(0, +) == 0.75, "\(group)")
            #expect(figures.map(\.unknownIterations).reduce(0, +) == 1, "\(group)")
        }
        let items = try history.figures(by: .item, limit: 10)
        #expect(items.map(\.name) == ["login", "other"])
        #expect(items.map(\.usd) == [0.75, nil])
        #expect(items.map(\.item) == [item.id, other.id])
        #expect(try history.figures(by: .model, limit: 10).map(\.name) == ["claude:opus"])
        #expect(try history.figures(by: .outcome, limit: 1).count == 1)
    }

    @Test("a cost of which a part is unknown is in the sums, and is counted as unknown too")
    func partlyUnknown() throws {
        let history = try state.open()
        let item = try history.addItem()
        var iteration = try history.begin(.sample(item: item.id))
        (iteration.stage, iteration.outcome) = (.review, .landed)
        iteration.charge(.quoted(0.25), TokenUsage(input: 10), didWork: true, putBy: Ceiling(), at: .fixed)
        iteration.charge(.unknown, nil, didWork: true, putBy: Ceiling(usd: 0.5, tokens: 7), at: .fixed)
        try history.finish(IterationEnd(iteration: iteration, items: []))
        #expect(try history.iteration(iteration.id)?.isUnpriced == true)
        let spend = try history.totalSpend()
        #expect(spend.quotedUSD == 0.25)
        #expect(spend.unknownIterations == 1)
        #expect(try history.spend(from: .fixed - 10, until: .fixed + 10).unknownIterations == 1)
        #expect(try history.sums(since: .fixed - 10).spend.unknownIterations == 1)
        #expect(try history.spend(of: item.id).unknownIterations == 1)
        #expect(try history.tallies().map(\.unknownIterations) == [1])
        for group in FigureGroup.allCases {
            let figures = try history.figures(by: group, limit: 10)
            #expect(figures.map(\.usd) == [0.25], "\(group)")
            #expect(figures.map(\.unknownIterations) == [1], "\(group)")
        }
        let ledger = try history.ledger(now: .fixed)
        #expect(ledger.total == Outlay(usd: 0.75, tokens: 17))
        #expect(ledger.recent.map(\.charge) == [Outlay(usd: 0.75, tokens: 17)])
    }

    @Test("work that waits to land is charged with what it cost, and is in what is told of open iterations")
    func waiting() throws {
        let history = try state.open()
        let item = try history.addItem()
        var start = IterationStart.sample(item: item.id)
        start.reserved = Ceiling(usd: 0.125)
        var iteration = try history.begin(start)
        #expect(try history.openSpend() == Spend())
        iteration.stage = .landing
        iteration.charge(
            .quoted(0.75),
            TokenUsage(input: 10),
            didWork: true,
            putBy: iteration.reserved,
            at: .fixed
        )
        try history.save(iteration: iteration)
        let ledger = try history.ledger(now: .fixed)
        #expect(ledger.reserved.isEmpty)
        #expect(ledger.waiting.mapValues(\.charge) == [item.id: Outlay(usd: 0.75, tokens: 10)])
        let open = try history.openSpend()
        #expect(open.quotedUSD == 0.75)
        #expect(open.tokens == TokenUsage(input: 10))
        #expect(try (history.totalSpend() + open).totalUSD == 0.75)
        #expect(try history.openSpend(since: .fixed) == open)
        #expect(try history.openSpend(since: .fixed + 1) == Spend(), "it was spent on an earlier day")
    }

    @Test("what lands a day later counts on the day of its last run of an agent")
    func chargedDay() throws {
        let history = try state.open()
        let item = try history.addItem()
        try end(history, item, .landed, .quoted(0.25))
        let later = try #require(try history.iteration(IterationID(1)))
        var moved = later
        moved.chargedAt = .fixed - 86_400
        try history.finish(IterationEnd(iteration: moved, items: []))
        #expect(try history.iteration(IterationID(1))?.chargedAt == .fixed - 86_400)
        #expect(try history.ledger(now: .fixed).recent.map(\.at) == [.fixed - 86_400])
        #expect(try history.spend(from: .fixed - 10, until: .fixed + 86_400).totalUSD == 0)
        #expect(try history.spend(from: .fixed - 86_400, until: .fixed).totalUSD == 0.25)
        #expect(try history.totalSpend().totalUSD == 0.25)
    }

    @Test("what an item was charged with is kept with it")
    func spentOfItem() throws {
        let history = try state.open()
        var item = try history.addItem()
        (item.spent, item.isOutOfBudget) = (Outlay(usd: 0.75, tokens: 9), true)
        item.forgiven = Outlay(usd: 0.25, tokens: 3)
        try history.saveItems([item])
        #expect(try history.item(item.id) == item)
    }

    @Test("a history of the first version is brought up to date with its sums and its project")
    func migration() throws {
        try FileManager.default.createDirectory(
            atPath: state.directory.string,
            withIntermediateDirectories: true
        )
        let queue = try DatabaseQueue(path: state.file)
        try Schema.migrator.migrate(queue, upTo: "1")
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO project (id, name, repository, prd_path, state) VALUES (1, 'tally', '/r', 'PRD.md', 'idle');
                    INSERT INTO item (id, key, title, section, line, is_ticked, details, position, state, created_at)
                        VALUES (1, 'a', 'A', '[]', 1, 0, '', 0, 'open', 0);
                    INSERT INTO iteration (uuid, item, ordinal, agent, stage, outcome, started_at, ended_at, cost_usd,
                        cost_kind, target, base, log_directory)
                        VALUES ('u', 1, 1, 'claude', 'landing', 'landed', 0, 5, 0.5, 'quoted', 't', 'b', 'logs/1'),
                            ('v', 1, 2, 'claude', 'checks', 'timed_out', 0, 5, NULL, 'unknown', 't', 'b', 'logs/2'),
                            ('w', 1, 3, 'claude', 'preparing', 'cancelled', 0, 5, NULL, 'unknown', 't', 'b', 'logs/3');
                    """
            )
        }
        try queue.close()
        let history = try state.open()
        #expect(try history.figures(by: .item, limit: 9).map(\.usd) == [0.5])
        #expect(try history.ledger(now: .fixed).total.usd == 0.5)
        #expect(try history.figures(by: .agent, limit: 9).map(\.unknownIterations) == [1])
        #expect(try history.spend(of: ItemID(1)).unknownIterations == 1)
        var old = try #require(try history.iteration(IterationID(2)))
        old.cost = .quoted(0.25)
        try history.save(iteration: old)
        #expect(try history.totalSpend().unknownIterations == 0)
        #expect(try history.totalSpend().quotedUSD == 0.75)
        var project = try #require(try history.project())
        #expect(project.name == "tally")
        project.hold = Hold(kind: .budget, message: "m", since: .fixed, nextProbe: .fixed)
        try history.saveProject(project)
        #expect(try history.project()?.hold?.kind == .budget)
        #expect(try history.reader.integrityProblems() == [])
    }
}
