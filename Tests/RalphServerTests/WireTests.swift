import Foundation
import RalphAPI
import RalphCore
import RalphReport
import Testing

@Suite("Wire")
struct WireTests {
    private func keys(_ json: Data, _ path: String...) throws -> [String] {
        var value = try JSONSerialization.jsonObject(with: json)
        for step in path {
            if let list = value as? [Any] { value = try #require(list.first) }
            value = try #require((value as? [String: Any])?[step])
        }
        if let list = value as? [Any] { value = try #require(list.first) }
        return try #require(value as? [String: Any]).keys.sorted()
    }

    @Test("status has its keys, also those without a value")
    func status() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        let json = try WireJSON.encode(try await fixture.report.status())
        #expect(
            try keys(json) == [
                "agents", "base_checks", "checks", "containment", "hold", "items", "needs_you", "next",
                "paused", "pid",
                "prd", "project",
                "reason", "repository", "running", "since", "spend", "started_at", "state", "target", "tip",
                "until",
            ]
        )
        #expect(
            try keys(json, "running") == [
                "agent", "agent_ms", "checks", "item", "iteration", "key", "last_output_at", "max_strikes",
                "model", "ordinal",
                "stage",
                "started_at", "strikes", "title",
            ]
        )
        #expect(
            try keys(json, "spend") == [
                "budget", "plan_usd", "today_assumed_usd", "today_tokens", "today_usd", "total_tokens",
                "total_usd",
                "unknown_iterations",
            ]
        )
        #expect(try keys(json, "prd") == ["path", "problems", "read_at"])
        #expect(try keys(json, "items") == ItemState.allCases.map(\.rawValue).sorted())
    }

    @Test("an item's line is exactly this")
    func items() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        let item = try #require(try await fixture.report.items(ItemQuery()).first)
        let commit = String(repeating: "b", count: 40)
        let text = String(decoding: try WireJSON.encode(item), as: UTF8.self)
        #expect(
            text == """
                {"commit":"\(commit)","id":1,"iterations":1,"key":"start","line":30,"max_strikes":4,"reason":null,\
                "section":["tally","Recording"],"state":"done","strikes":0,\
                "title":"`tally start PROJECT` begins an entry"}
                """
        )
    }

    @Test("an iteration's line is exactly this")
    func history() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        let iterations = try await fixture.report.iterations(IterationQuery())
        let text = try iterations.map { String(decoding: try WireJSON.encode($0), as: UTF8.self) }
        let commit = String(repeating: "b", count: 40)
        #expect(
            text == [
                """
                {"agent":"claude","checks":[],"commit":null,"cost_kind":"unknown","cost_usd":null,"duration_ms":null,\
                "ended_at":null,"error":null,"exit_code":null,"id":2,"item":2,"key":"stop","model":"opus","ordinal":1,\
                "outcome":null,"stage":"preparing","started_at":"2025-11-22T01:14:05.678Z","strike":false,"tokens":null}
                """,
                """
                {"agent":"claude","checks":[{"duration_ms":2000,"exit_code":0,"name":"test","verdict":"passed"}],\
                "commit":"\(commit)","cost_kind":"quoted","cost_usd":1.25,"duration_ms":60000,\
                "ended_at":"2025-11-22T01:15:05.678Z","error":null,"exit_code":0,"id":1,"item":1,"key":"start",\
                "model":"claude-opus","ordinal":1,"outcome":"landed","stage":"landing",\
                "started_at":"2025-11-22T01:14:05.678Z","strike":false,\
                "tokens":{"cache_read":30,"cache_write":40,"input":10,"output":20}}
                """,
            ]
        )
    }

    @Test("a key that is missing is read as null, and null is written as null")
    func nullness() throws {
        let view = try WireJSON.decode(ActionView.self, from: Data(#"{"message":"paused"}"#.utf8))
        #expect(view.item == nil)
        #expect(
            String(decoding: try WireJSON.encode(view), as: UTF8.self) == #"{"item":null,"message":"paused"}"#
        )
    }

    @Test(
        "times are UTC with milliseconds, and read back to the millisecond",
        arguments: [
            (0.0, "1970-01-01T00:00:00.000Z"), (-0.001, "1969-12-31T23:59:59.999Z"),
            (951_782_400.5, "2000-02-29T00:00:00.500Z"), (1_763_774_045.678, "2025-11-22T01:14:05.678Z"),
            (4_107_542_399.999, "2100-02-28T23:59:59.999Z"), (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
        ]
    )
    func times(seconds: Double, text: String) throws {
        #expect(WireTime.text(Date(timeIntervalSince1970: seconds)) == text)
        let date = try #require(WireTime.date(text))
        #expect(WireTime.milliseconds(date) == Int64((seconds * 1000).rounded()))
    }

    @Test(
        "what is no time is refused",
        arguments: ["", "2025-11-22", "2025-13-01T00:00:00Z", "2025-11-22T25:00:00Z"]
    )
    func noTimes(text: String) {
        #expect(WireTime.date(text) == nil)
    }

    @Test("a log file's name stays in its directory, and two checks never share one")
    func logNames() {
        #expect(LogFile.check("../../etc/passwd").fileName == "check-..%2F..%2Fetc%2Fpasswd.log")
        #expect(LogFile.check("npm test").fileName == "check-npm%20test.log")
        #expect(LogFile.check("a%20b").fileName != LogFile.check("a b").fileName)
        let long = String(repeating: "ü", count: 500)
        #expect(LogFile.check(long).fileName.utf8.count < 255)
        #expect(LogFile.check(long + "1").fileName != LogFile.check(long + "2").fileName)
    }
}
