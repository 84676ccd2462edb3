import Foundation
import GRDB
import RalphCore
import Testing

@testable import RalphHistory

@Suite("the schema's closed sets are the program's", .timeLimit(.minutes(5)))
struct SchemaTests {
    private let state = TemporaryState()

    @Test("every state, outcome, stage, verdict and kind of event can be written")
    func closedSets() throws {
        let history = try state.open()
        let (item, iteration) = try history.beginSample()
        for state in ItemState.allCases {
            var changed = item
            changed.state = state
            try history.saveItems([changed])
        }
        for kind in [Block.Kind.blocked, .confirm, .question, .skipped, .undone] {
            var changed = item
            changed.block = Block(kind: kind, message: "m", since: .fixed)
            try history.saveItems([changed])
        }
        for stage in Stage.allCases {
            var changed = iteration
            changed.stage = stage
            try history.save(iteration: changed)
        }
        for outcome in Outcome.allCases {
            var changed = iteration
            changed.outcome = outcome
            try history.save(iteration: changed)
        }
        for verdict in CheckVerdict.allCases {
            var result = CheckResult.sample
            result.verdict = verdict
            try history.add(checks: [result], for: iteration.id, subject: .base)
        }
        try history.perform { deed in for kind in EventKind.allCases { try deed.tell(kind) } }
        var project = ProjectRecord(name: "tally", repository: "/r", prdPath: "PRD.md")
        for state in ProjectState.allCases {
            project.state = state
            try history.saveProject(project)
        }
        for kind in [Hold.Kind.checkBroken, .noChecks, .baseRed, .environment, .repository, .storage] {
            project.hold = Hold(kind: kind, message: "m", since: .fixed, nextProbe: .fixed)
            try history.saveProject(project)
        }
        for state in [AgentRecord.State.ready, .asleep, .backingOff, .setAside] {
            try history.saveAgents([AgentRecord(name: "claude", state: state)])
        }
    }

    @Test(
        "what no rule allows cannot be written, by anybody",
        arguments: [
            "UPDATE item SET state = 'finished'",
            "UPDATE item SET state = 5",
            "UPDATE item SET created_at = 'yesterday'",
            "UPDATE item SET block_kind = 'blocked'",
            "UPDATE iteration SET outcome = 'success', ended_at = 1",
            "UPDATE iteration SET outcome = 'landed'",
            "UPDATE iteration SET cost_usd = 1.0",
            "UPDATE iteration SET is_strike = 1",
            "UPDATE iteration SET item = 99",
            "DELETE FROM item",
            "INSERT INTO project (id, name, repository, prd_path, state) VALUES (2, '', '', '', 'idle')",
        ]
    )
    func constraints(statement: String) throws {
        let history = try state.open()
        _ = try history.beginSample()
        #expect(throws: DatabaseError.self) { try sql(state.file, statement) }
    }

    @Test("times are whole milliseconds in the tables and ISO text in UTC in the views")
    func times() throws {
        let history = try state.open()
        _ = try history.beginSample()
        #expect(try sql(state.file, "SELECT started_at FROM iteration") == "1763774045678")
        #expect(try sql(state.file, "SELECT started_at FROM v_iterations") == "2025-11-22T01:14:05.678Z")
        #expect(try sql(state.file, "SELECT created_at FROM v_items") == "2025-11-22T01:14:05.678Z")
        #expect(try sql(state.file, "SELECT section FROM v_items") == "tally > Recording")
        #expect(try sql(state.file, "SELECT priority FROM v_items") == "3")
        #expect(try sql(state.file, "SELECT ended_at FROM v_iterations") == nil)
    }

    @Test("a row that an older program wrote, with nested data that this one cannot read, is still read")
    func olderNestedData() throws {
        let history = try state.open()
        let item = try history.addItem()
        try sql(state.file, "UPDATE item SET attributes = '{\"mode\": 3}', last_try = '{}', criteria = '{}'")
        #expect(try history.items() == [item])
    }
}
