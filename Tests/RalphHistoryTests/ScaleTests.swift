import Foundation
import GRDB
import RalphCore
import Testing

@testable import RalphHistory

/// How many iterations the big history has: 50,000, or what `RALPH_HISTORY_ROWS` says (1,000,000 is the figure to reach).
private let manyRows = ProcessInfo.processInfo.environment["RALPH_HISTORY_ROWS"].flatMap { Int($0) } ?? 50_000

@Suite("questions cost the same in a long history", .timeLimit(.minutes(5)))
struct ScaleTests {
    private static let itemCount = 200
    private static let fewRows = 500

    /// Fills a history in one statement; the triggers sum as they would have.
    private static func fill(_ history: SQLiteHistory, iterations: Int) throws {
        _ = try history.insertItems((0..<itemCount).map { .sample("item-\($0)", position: $0) })
        try history.perform { deed in
            try deed.db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                    INSERT INTO iteration (uuid, item, ordinal, agent, model, stage, outcome, is_strike, started_at,
                        ended_at, tokens_input, tokens_output, cost_usd, cost_kind, target, base, landed_commit,
                        error, summary, log_directory)
                    SELECT printf('%08x-0000-4000-8000-%012x', i, i), i % ?2 + 1, i / ?2 + 1,
                        CASE i % 3 WHEN 0 THEN 'codex' ELSE 'claude' END, 'opus', 'landing',
                        CASE i % 5 WHEN 0 THEN 'landed' ELSE 'checks_failed' END, i % 5 <> 0,
                        1600000000000 + i * 60000, 1600000000000 + i * 60000 + 50000, 1000, 200, 0.25, 'quoted',
                        'refs/heads/main', '4be1c904be1c904be1c904be1c904be1c904be1c', NULL,
                        'exit 2', 'a summary of what was done, as long as such a thing is', 'logs/' || i
                    FROM n
                    """,
                arguments: [iterations, itemCount]
            )
            try deed.db.execute(
                sql: """
                    INSERT INTO event (at, kind, item, iteration, details)
                    SELECT ended_at, 'iteration_ended', item, id, '{"outcome":"landed"}' FROM iteration
                    """
            )
            try deed.db.execute(
                sql: """
                    INSERT INTO check_run (iteration, subject, name, verdict, duration_ms, summary, head, tail,
                        line_count, ended_at)
                    SELECT id, 'candidate', 'test', 'failed', 900, 'exit 2', '', 'expected 2 got 3', 1, ended_at
                    FROM iteration
                    """
            )
        }
    }

    private static func medianMilliseconds(_ body: () throws -> Bool) throws -> Double {
        var times: [Double] = []
        var isRight = true
        for _ in 0..<15 {
            let duration = try ContinuousClock().measure { isRight = try body() && isRight }
            times.append(
                Double(duration.components.attoseconds) / 1e15 + Double(duration.components.seconds) * 1e3
            )
        }
        #expect(isRight)
        return times.sorted()[times.count / 2]
    }

    @Test("pages, totals, counts and the last landings take no longer")
    func questions() throws {
        let (small, large) = (TemporaryState(), TemporaryState())
        let (few, many) = (try small.open(), try large.open())
        try Self.fill(few, iterations: Self.fewRows)
        try Self.fill(many, iterations: manyRows)
        let questions: [(String, (any HistoryReading) throws -> Bool)] = [
            ("first page", { try $0.iterations(limit: 50).count == 50 }),
            ("last page", { try $0.iterations(limit: 50, before: IterationID(60)).count == 50 }),
            ("page of an item", { try $0.iterations(item: ItemID(7), limit: 2).count == 2 }),
            ("latest of an item", { try $0.latestIteration(of: ItemID(7)) != nil }),
            ("checks of a page", { try $0.checks(of: (1...50).map { IterationID($0) }).count == 50 }),
            ("total spend", { try $0.totalSpend().iterations >= Self.fewRows }),
            (
                "spend of a day",
                { try $0.spend(onDayOf: Date(timeIntervalSince1970: 1_600_000_000)).iterations > 0 }
            ),
            ("tallies", { try $0.tallies().count == 4 }),
            ("counts", { try $0.itemCounts()[.open] == Self.itemCount }),
            ("landings", { try $0.landings(limit: 10).count == 10 }),
            ("open iterations", { try $0.openIterations().isEmpty }),
            ("open landings", { try $0.openLandings().isEmpty }),
            ("events", { try $0.events(after: EventID(100), limit: 100).count == 100 }),
            ("last event", { try $0.lastEvent() > EventID(0) }),
            ("questions", { try $0.openQuestions().isEmpty }),
            ("by uuid", { try $0.iteration(uuid: "00000007-0000-4000-8000-000000000007") != nil }),
        ]
        for (name, ask) in questions {
            let (before, after) = (
                try Self.medianMilliseconds { try ask(few) }, try Self.medianMilliseconds { try ask(many) }
            )
            // Anything that walks the table takes hundreds of times longer.
            #expect(after <= before * 8 + 5, "\(name): \(before) ms with few, \(after) ms with many")
            if manyRows > 50_000 { print("\(name): \(before) ms, \(after) ms") }
        }
        let reader = try SQLiteHistory.openReadOnly(directory: large.directory)
        let keyset = try stride(from: manyRows, to: manyRows - 500, by: -100).map {
            try reader.iterations(limit: 100, before: IterationID(Int64($0 + 1))).map(\.id.rawValue)
        }
        #expect(keyset.flatMap { $0 } == (manyRows - 499...manyRows).reversed().map { Int64($0) })
    }
}
