import Foundation
import RalphAPI
import RalphClient
import RalphCore
import RalphHistory
import SystemPackage
import Testing

@Suite("Streams", .timeLimit(.minutes(5)))
struct StreamTests {
    @Test("events come as they happen, and nothing of before")
    func live() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            let events = try await Stepper(fixture.client.events(after: nil))
            try fixture.history.note("first")
            try fixture.history.note("second")
            try await #expect(events.next()?.details == ["message": "first"])
            let second = try #require(try await events.next())
            #expect(second.details == ["message": "second"])
            #expect(second.kind == .note)
            #expect(second.at == Date(timeIntervalSince1970: 1_763_774_045.678))
        }
    }

    @Test("a reader that was cut off goes on after the last event that it saw")
    func resume() async throws {
        let fixture = try Fixture()
        for number in 1...500 { try fixture.history.note("\(number)") }
        try await fixture.serving {
            let all = try await Stepper(fixture.client.events(after: EventID(0)))
            var seen: [EventView] = []
            while seen.count < 250, let event = try await all.next() { seen.append(event) }
            let last = try #require(seen.last)
            let connection = try RawConnection(fixture.socket)
            await connection.send(
                "GET /v1/events HTTP/1.1\r\nhost: ralphd\r\nlast-event-id: \(last.id)\r\n\r\n"
            )
            let text = await connection.receive(until: #""message":"500""#)
            #expect(text.lowercased().contains("content-type: text/event-stream"))
            #expect(text.contains("id: \(last.id.rawValue + 1)\nevent: note\ndata: {"))
            #expect(!text.contains("id: \(last.id.rawValue)\n"))
        }
    }

    @Test("open streams end when the daemon stops, and do not hold it up")
    func shutdown() async throws {
        let fixture = try Fixture()
        let (_, running) = try fixture.fill()
        try fixture.write("one\n", .transcript, of: running)
        let (events, log) = try await fixture.serving {
            let events = try await Stepper(fixture.client.events(after: EventID(0)))
            try await #expect(events.next() != nil)
            let query = LogQuery(follow: true)
            let log = try await Stepper(fixture.client.log(.number(running.id), query))
            try await #expect(log.next() == Array("one\n".utf8))
            return (events, log)
        }
        while try await events.next() != nil {}
        try await #expect(log.next() == nil)
    }

    @Test("a followed log goes on until the iteration has ended")
    func follow() async throws {
        let fixture = try Fixture()
        let (_, running) = try fixture.fill()
        try await fixture.serving {
            let query = LogQuery(offset: 2, follow: true)
            let log = try await Stepper(fixture.client.log(.latest(.words("stop")), query))
            try fixture.write("one\n", .transcript, of: running)
            try await #expect(log.next() == Array("e\n".utf8))
            try fixture.write("one\ntwo\n", .transcript, of: running)
            try await #expect(log.next() == Array("two\n".utf8))
            try fixture.write("one\ntwo\nend\n", .transcript, of: running)
            var ended = running
            ended.outcome = .noChange
            try fixture.history.save(iteration: ended)
            try await #expect(log.next() == Array("end\n".utf8))
            try await #expect(log.next() == nil)
        }
    }

    @Test("a log is raw bytes, whole or from an offset")
    func log() async throws {
        let fixture = try Fixture()
        let (landed, _) = try fixture.fill()
        let noise = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(noise).write(to: URL(filePath: fixture.logs(landed).appending("agent.out").string))
        try await fixture.serving {
            let number = IterationReference.number(landed.id)
            func read(_ query: LogQuery) async throws -> [UInt8] {
                try await fixture.client.log(number, query).reduce(into: []) { $0 += $1 }
            }
            let whole = try await read(LogQuery())
            #expect(whole == noise)
            let tail = try await read(LogQuery(offset: 299_990))
            #expect(tail == Array(noise.suffix(10)))
            let beyond = try await read(LogQuery(offset: 1 << 40))
            #expect(beyond.isEmpty)
            let followed = try await read(LogQuery(follow: true))
            #expect(followed == noise)
            let check = try await read(LogQuery(.check("test")))
            #expect(check == Array("ok 1\n".utf8))
        }
    }

    @Test("a client that does not read keeps nobody else waiting")
    func slowClient() async throws {
        let fixture = try Fixture()
        let (landed, _) = try fixture.fill()
        let size = 64 << 20
        let path = fixture.logs(landed).appending("agent.out").string
        try Data(count: size).write(to: URL(filePath: path))
        try await fixture.serving {
            var idle: [RawConnection] = []
            for _ in 0..<20 {
                let connection = try RawConnection(fixture.socket)
                await connection.send("GET /v1/iterations/i\(landed.id)/log HTTP/1.1\r\nhost: ralphd\r\n\r\n")
                idle.append(connection)
            }
            for _ in 0..<20 { _ = try await fixture.client.status() }
            #expect(idle.count == 20)
            idle = []
        }
    }

    @Test("clients that neither read nor finish what they say do not keep the daemon from stopping")
    func stuckClients() async throws {
        let fixture = try Fixture()
        let (landed, _) = try fixture.fill()
        let path = fixture.logs(landed).appending("agent.out").string
        try Data(count: 32 << 20).write(to: URL(filePath: path))
        let before = ContinuousClock.now
        let connections = try await fixture.serving {
            let requests = [
                "GET /v1/iterations/i\(landed.id)/log HTTP/1.1\r\nhost: ralphd\r\n\r\n",
                "POST /v1/items HTTP/1.1\r\nhost: ralphd\r\ncontent-length: 99\r\n\r\n{",
                "GET /v1/sta",
                "",
            ]
            var connections: [RawConnection] = []
            for request in requests {
                let connection = try RawConnection(fixture.socket)
                await connection.send(request)
                connections.append(connection)
            }
            _ = await connections[0].receive(until: "octet-stream")
            _ = try await fixture.client.status()
            return connections
        }
        #expect(connections.count == 4)
        #expect(ContinuousClock.now - before < .seconds(20))
    }
}
