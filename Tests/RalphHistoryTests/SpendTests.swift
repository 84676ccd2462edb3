import Foundation
import RalphCore
import Synchronization
import Testing

@testable import RalphHistory

@Suite("spend is summed as iterations end", .timeLimit(.minutes(5)))
struct SpendTests {
    private let state = TemporaryState()

    private func end(
        _ history: SQLiteHistory,
        _ item: ItemRecord,
        _ outcome: Outcome,
        _ cost: Cost,
        stage: Stage = .checks
    ) throws -> IterationRecord {
        var iteration = try history.begin(.sample(item: item.id))
        iteration.stage = stage
        iteration.outcome = outcome
        iteration.isStrike = outcome.isStrike
        iteration.cost = cost
        iteration.tokens = TokenUsage(input: 1, output: 2, cacheRead: 3, cacheWrite: 4)
        try history.finish(IterationEnd(iteration: iteration, items: []))
        return iteration
    }

    @Test("each kind of cost is summed apart, and unknown is never 0")
    func kinds() throws {
        let history = try state.open()
        let (item, other) = (try history.addItem(), try history.addItem("other", position: 1))
        _ = try end(history, item, .landed, .quoted(1))
        _ = try end(history, item, .checksFailed, .plan(2))
        _ = try end(history, item, .stalled, .derived(4))
        _ = try end(history, other, .timedOut, .unknown)
        _ = try end(history, other, .interrupted, .unknown, stage: .preparing)
        _ = try end(history, other, .agentMissing, .unknown)
        var expected = Spend()
        (expected.quotedUSD, expected.planUSD, expected.derivedUSD) = (1, 2, 4)
        (expected.unknownIterations, expected.iterations) = (1, 6)
        expected.tokens = TokenUsage(input: 6, output: 12, cacheRead: 18, cacheWrite: 24)
        #expect(try history.totalSpend() == expected)
        #expect(try history.spend(onDayOf: .fixed) == expected)
        #expect(try history.spend(of: item.id).totalUSD == 7)
        #expect(try history.spend(of: other.id).unknownIterations == 1)
        #expect(try history.spend(of: other.id).iterations == 3)
        let tallies = try history.tallies()
        #expect(tallies.map(\.outcome.rawValue) == tallies.map(\.outcome.rawValue).sorted())
        #expect(tallies.map(\.strikes).reduce(0, +) == 3)
        #expect(tallies.allSatisfy { $0.agent == "claude" && $0.model == "opus" })
    }

    @Test("an iteration that is written again is summed once, with its last figures")
    func corrected() throws {
        let history = try state.open()
        var iteration = try end(history, try history.addItem(), .landed, .unknown)
        (iteration.cost, iteration.endedAt, iteration.model) = (.quoted(0.25), .fixed, "opus-4-5")
        try history.save(iteration: iteration)
        try history.save(iteration: iteration)
        let spend = try history.totalSpend()
        #expect(spend.iterations == 1)
        #expect(spend.quotedUSD == 0.25)
        #expect(spend.unknownIterations == 0)
        #expect(spend.tokens == TokenUsage(input: 1, output: 2, cacheRead: 3, cacheWrite: 4))
        #expect(try history.tallies().map(\.model) == ["opus-4-5"])
    }

    @Test("today is the host's day, and yesterday's spend is not in it")
    func days() throws {
        let clock = Mutex(Date.fixed)
        let history = try SQLiteHistory.open(directory: state.directory) { clock.withLock { $0 } }
        let item = try history.addItem()
        _ = try end(history, item, .landed, .quoted(1))
        let twoDays: TimeInterval = 48 * 3600
        clock.withLock { $0 += twoDays }
        _ = try end(history, item, .landed, .quoted(2))
        #expect(try history.spend(onDayOf: .fixed).totalUSD == 1)
        #expect(try history.spend(onDayOf: .fixed + twoDays).totalUSD == 2)
        #expect(try history.totalSpend().totalUSD == 3)
        #expect(try history.iterations(endedSince: .fixed + 1).count == 1)
    }

    @Test(
        "an agent's absurd figures end the iteration all the same, and later ones",
        arguments: [
            (Cost.quoted(.infinity), Int.max), (.quoted(.nan), .min), (.derived(-1), -1),
            (.plan(.greatestFiniteMagnitude), .max),
        ]
    )
    func absurd(cost: Cost, tokens: Int) throws {
        let history = try state.open()
        let item = try history.addItem()
        for _ in 0..<3 {
            var iteration = try history.begin(.sample(item: item.id))
            (iteration.outcome, iteration.stage, iteration.cost) = (.stalled, .agent, cost)
            iteration.tokens = TokenUsage(
                input: tokens,
                output: tokens,
                cacheRead: tokens,
                cacheWrite: tokens
            )
            iteration.limitReset = Date(timeIntervalSince1970: cost.usd ?? 0)
            try history.finish(IterationEnd(iteration: iteration, items: []))
        }
        let spend = try history.totalSpend()
        #expect(spend.iterations == 3)
        #expect(spend.totalUSD.isFinite && spend.totalUSD >= 0)
        #expect(spend.tokens.input >= 0)
        #expect(try history.spend(of: item.id).iterations == 3)
        #expect(try history.iterations(limit: 9).count == 3)
        #expect(try sql(state.file, "SELECT count(limit_reset) FROM v_iterations") == "3")
    }
}
