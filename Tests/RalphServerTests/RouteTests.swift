import Foundation
import RalphAPI
import RalphClient
import RalphCore
import RalphHistory
import RalphReport
import SystemPackage
import Testing

@Suite("Routes", .timeLimit(.minutes(5)))
struct RouteTests {
    @Test("every route answers, and in JSON where it is not text")
    func everyRoute() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            for route in Route.allCases where route != .events {
                let names = route.template.split(separator: "{").dropFirst().map { name in
                    name.hasPrefix("question") ? "1" : name.hasPrefix("iteration") ? "start/1" : "start"
                }
                let needsText = route == .add || route == .answer
                let answer = try await fixture.ask(
                    route.method.rawValue,
                    route.path(names),
                    body: needsText ? #"{"text":"one array"}"# : nil
                )
                #expect(answer.status == 200, "\(route): \(answer.body)")
                guard ![.log, .diff, .prompt, .metrics, .openAPI].contains(route) else { continue }
                #expect(answer.head.contains("content-type: application/json"))
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) }
            }
        }
    }

    @Test("an action reaches the project as it was asked for")
    func actions() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            let client = fixture.client
            _ = try await client.pause(now: true)
            _ = try await client.resume()
            _ = try await client.skip(.key("a/b ü%"))
            _ = try await client.retry(.line(38), note: "say \"why\"\n", fresh: true)
            _ = try await client.accept(.number(ItemID(7)))
            _ = try await client.answer(QuestionID(12), text: "one array")
            _ = try await client.add(AddRequest(text: "a new one"))
            let view = try await client.retryAgent("claude:opus")
            #expect(view == ActionView("agent claude:opus", item: ItemID(1)))
        }
        #expect(
            fixture.steering.told == [
                "pause now=true", "resume", "skip #a/b ü%", "retry L38 note=say \"why\"\n fresh=true",
                "accept 7", "answer 12 one array", "add a new one", "agent claude:opus",
            ]
        )
    }

    @Test("a body may be left out where all of it is optional")
    func emptyBodies() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            try await #expect(fixture.ask("POST", "/v1/pause").status == 200)
            try await #expect(fixture.ask("POST", "/v1/items/start/retry", body: "{}").status == 200)
            try await #expect(fixture.ask("POST", "/v1/items").status == 400)
        }
        #expect(fixture.steering.told == ["pause now=false", "retry start note=- fresh=false"])
    }

    @Test("what the client reads is what the report says")
    func roundTrip() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            let (client, report) = (fixture.client, fixture.report)
            try await #expect(client.status() == report.status())
            try await #expect(client.items(ItemQuery()) == report.items(ItemQuery()))
            try await #expect(client.item(.words("start")) == report.item(.words("start")))
            try await #expect(client.iterations(IterationQuery()) == report.iterations(IterationQuery()))
            let first = try #require(IterationReference("start/1"))
            try await #expect(client.iteration(first) == report.iteration(first))
            try await #expect(client.stats() == report.stats())
            try await #expect(client.agents() == report.agents())
            try await #expect(client.questions() == report.questions())
            try await #expect(client.prompt(first) == "what to do\n")
            try await #expect(client.diff(first) == "diff of 1\n")
            await #expect(client.isAnswering())
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            let get = try await fixture.ask("GET", "/healthz")
            let head = try await fixture.ask("HEAD", "/healthz")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.head.contains("content-length: \(get.body.utf8.count)"))
            try await #expect(fixture.ask("HEAD", "/v1/events").status == 200)
            try await #expect(fixture.ask("HEAD", "/v1/pause").status == 405)
        }
    }

    @Test("lists come in pages")
    func pages() async throws {
        let fixture = try Fixture()
        let item = try fixture.addItem("many", "Many")
        for _ in 1...5 {
            var iteration = try fixture.begin(item)
            iteration.outcome = .cancelled
            try fixture.history.save(iteration: iteration)
        }
        for line in 2...5 { try fixture.addItem("more\(line)", "More", line: line) }
        try await fixture.serving {
            let client = fixture.client
            let first = try await client.iterations(IterationQuery(limit: 2))
            #expect(first.map(\.id.rawValue) == [5, 4])
            let rest = try await client.iterations(
                IterationQuery(item: .key("many"), limit: 9, before: first.last?.id)
            )
            #expect(rest.map(\.ordinal) == [3, 2, 1])
            let items = try await client.items(ItemQuery(states: [.open], limit: 2, after: item.id))
            #expect(items.map(\.key) == ["more2", "more3"])
        }
    }

    @Test("metrics are lines that Prometheus reads")
    func metrics() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            let text = try await fixture.ask("GET", "/metrics").body
            #expect(text.contains("ralphd_iterations_total{outcome=\"landed\"} 1\n"))
            #expect(text.contains("ralphd_items{state=\"running\"} 1\n"))
            #expect(text.contains("ralphd_state{state=\"running\"} 1\n"))
            #expect(text.contains("ralphd_spend_usd_total 1.25\n"))
            #expect(text.hasSuffix("\n"))
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(
                    line.wholeMatch(of: /ralphd_[a-z_]+(\{[a-z]+="[a-z_]+"\})? [0-9.]+/) != nil,
                    "\(line)"
                )
            }
        }
    }

    @Test("the description names every route, each once")
    func openAPI() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            let text = try await fixture.ask("GET", "/openapi.yaml").body
            for route in Route.allCases {
                #expect(text.components(separatedBy: "\n  \(route.template):\n").count == 2, "\(route)")
                #expect(text.contains("operationId: \(route)\n"))
            }
            let file = FilePath(#filePath).removingLastComponent().removingLastComponent()
                .removingLastComponent()
                .appending("docs").appending("openapi.yaml").string
            if ProcessInfo.processInfo.environment["RALPH_WRITE_GOLDENS"] != nil {
                try Data(text.utf8).write(to: URL(filePath: file))
            }
            #expect(
                try String(contentsOfFile: file, encoding: .utf8) == text,
                "RALPH_WRITE_GOLDENS=1 writes it anew"
            )
        }
    }
}
