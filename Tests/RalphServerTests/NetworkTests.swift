import Foundation
import Logging
import RalphAPI
import RalphCore
import RalphServer
import ServiceLifecycle
import SystemPackage
import Testing

@testable import RalphClient

@Suite("the interface over TCP", .timeLimit(.minutes(5)))
struct NetworkTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func serving(
        _ fixture: Fixture,
        token: String?,
        _ body: (_ address: FilePath) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = NetworkServer(
            project: "tally",
            listen: HostSettings.Listen(host: "127.0.0.1", port: 0),
            token: token,
            reading: fixture.report,
            steering: fixture.steering,
            gate: { _ in nil },
            logger: logger,
            onListening: { found.yield($0) }
        )
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { found.finish() }
                try await group.run()
            }
            for await port in ports {
                try await body(FilePath("http://127.0.0.1:\(port)"))
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    @Test("a client with the token reads and steers; one without does neither")
    func token() async throws {
        let fixture = try Fixture()
        try await serving(fixture, token: Self.token) { address in
            let friend = DaemonClient(socket: address, token: Self.token)
            let status = try await friend.status()
            #expect(status.project == "tally")
            let pause = try await friend.pause(now: false)
            #expect(!pause.message.isEmpty)
            for stranger in [nil, "wrong", Self.token + "0"] as [String?] {
                let client = DaemonClient(socket: address, token: stranger)
                await #expect(throws: Failure.self) { try await client.status() }
                await #expect(throws: Failure.self) { try await client.resume() }
                let isAnswering = await client.isAnswering()
                #expect(!isAnswering)
            }
        }
    }

    @Test("a loopback address needs no token")
    func loopback() async throws {
        let fixture = try Fixture()
        try await serving(fixture, token: nil) { address in
            let status = try await DaemonClient(socket: address).status()
            #expect(status.project == "tally")
        }
    }

    @Test(
        "listen: takes an address with its port",
        arguments: [
            ("127.0.0.1:7777", true), ("[::1]:80", true), ("localhost:1", true), ("0.0.0.0:7777", false),
            ("[::]:7777", false), ("buildbox:7777", false), ("127.evil.example:7777", false),
        ]
    )
    func addresses(text: String, isLoopback: Bool) throws {
        let listen = try #require(HostSettings.Listen(address: text))
        #expect(listen.isLoopback == isLoopback)
        #expect(listen.description == text)
    }

    @Test(
        "what is none is refused",
        arguments: ["", "7777", ":7777", "::1:80", "host:", "host:x", "host:70000", "a b:1"]
    )
    func noAddress(text: String) { #expect(HostSettings.Listen(address: text) == nil) }
}
