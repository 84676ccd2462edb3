import RalphClient
import RalphCore
import RalphTestSupport
import Synchronization
import Testing

@testable import RalphServer

/// Who comes by the Unix socket, and may not steer.
@Suite("guests", .timeLimit(.minutes(2)))
struct GuestTests {
    @Test("a connection is judged when it is made: what its process's number is later does not matter")
    func judgedOnce() async throws {
        var fixture = try Fixture()
        let asked = Mutex(0)
        fixture.gate = { _ in
            asked.withLock { $0 += 1 }
            return asked.withLock { $0 } == 1 ? Failure(.forbidden, "not you") : nil
        }
        let socket = fixture.socket
        try await fixture.serving {
            let first = try RawConnection(socket)
            let request =
                "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            for _ in 1...2 {
                await first.send(request)
                #expect(await first.receive(until: "not you").contains(" 403 "))
            }
            #expect(asked.withLock { $0 } == 1)
        }
    }

    @Test("those that may not steer have sixteen connections, and leave room for those that may")
    func few() async throws {
        var fixture = try Fixture()
        let isAgent = Mutex(true)
        fixture.gate = { _ in isAgent.withLock { $0 } ? Failure(.forbidden, "not you") : nil }
        let (socket, client) = (fixture.socket, fixture.client)
        try await fixture.serving {
            var held: [RawConnection] = []
            for _ in 1...Guests.mostRefused {
                let connection = try RawConnection(socket)
                await connection.send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(await connection.receive(until: "\r\n\r\n").contains(" 200 "))
                held.append(connection)
            }
            let more = try RawConnection(socket)
            #expect(await more.receive().isEmpty)
            isAgent.withLock { $0 = false }
            _ = try await client.status()
            #expect(held.count == Guests.mostRefused)
        }
    }
}
