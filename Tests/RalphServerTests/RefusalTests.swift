import Foundation
import Glibc
import RalphAPI
import RalphClient
import RalphCore
import SystemPackage
import Testing

@Suite("Refusals", .timeLimit(.minutes(5)))
struct RefusalTests {
    private static let refused: [(method: String, path: String, status: Int, code: String)] = [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/status/", 404, "not_found"),
        ("GET", "/v1/items//", 404, "not_found"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("GET", "*", 404, "not_found"),
        ("GET", "http://ralphd", 404, "not_found"),
        ("POST", "/v1/status", 405, "method_not_allowed"),
        ("GET", "/v1/pause", 405, "method_not_allowed"),
        ("DELETE", "/v1/items/1", 405, "method_not_allowed"),
        ("PATCH", "/v1/items", 405, "method_not_allowed"),
        ("GET", "/v1/items/nothing", 404, "not_found"),
        ("GET", "/v1/items/%zz", 400, "usage"),
        ("GET", "/v1/items/%ff", 400, "usage"),
        ("GET", "/v1/items/%20", 404, "not_found"),
        ("GET", "/v1/items/tally", 409, "ambiguous"),
        ("GET", "/v1/iterations/i99", 404, "not_found"),
        ("GET", "/v1/iterations/note", 404, "not_found"),
        ("GET", "/v1/status?verbose=1", 400, "usage"),
        ("GET", "/v1/items?state=opne", 400, "usage"),
        ("GET", "/v1/items?limit=0", 400, "usage"),
        ("GET", "/v1/items?after=99", 404, "not_found"),
        ("GET", "/v1/iterations?limit=1001", 400, "usage"),
        ("GET", "/v1/iterations?limit=2&limit=3", 400, "usage"),
        ("GET", "/v1/iterations?before=-1", 400, "usage"),
        ("GET", "/v1/iterations/i1/log?offset=x", 400, "usage"),
        ("GET", "/v1/iterations/i1/log?file=prompt.md", 400, "usage"),
        ("GET", "/v1/iterations/i1/log?follow=yes", 400, "usage"),
        ("GET", "/v1/iterations/i1/log?file=errors", 404, "not_found"),
        ("GET", "/v1/iterations/i1/log?check=lint", 404, "not_found"),
        ("GET", "/v1/iterations/i1/log?check=..%2F..%2F..%2Fhistory.sqlite", 404, "not_found"),
        ("GET", "/v1/iterations/i1/log?check=%2Fetc%2Fpasswd", 404, "not_found"),
        ("GET", "/v1/events?after=soon", 400, "usage"),
        ("POST", "/v1/items/open/accept", 409, "conflict"),
        ("POST", "/v1/questions/first/answer", 400, "usage"),
    ]

    @Test("what cannot be answered is refused with a code and a next step")
    func refusals() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            for (method, path, status, code) in Self.refused {
                let answer = try await fixture.ask(method, path)
                #expect(answer.status == status, "\(method) \(path): \(answer.body)")
                let view = try? WireJSON.decode(ErrorView.self, from: Data(answer.body.utf8))
                #expect(view?.error.code == code, "\(method) \(path)")
                #expect(view?.error.message.isEmpty == false)
                if status == 405 { #expect(answer.head.contains("allow: ")) }
            }
        }
        #expect(fixture.steering.told.isEmpty)
    }

    @Test("a body that is none, or says more than is known, changes nothing")
    func bodies() async throws {
        let fixture = try Fixture()
        let bodies = [
            "", "null", "[]", "\"text\"", "{", "{\"text\":1}", "{\"text\":\" \\n\"}", "{\"txet\":\"a\"}",
            "{\"text\":\"a\",\"now\":true}",
        ]
        try await fixture.serving {
            for body in bodies {
                let answer = try await fixture.ask("POST", "/v1/items", body: body)
                #expect(answer.status == 400, "\(answer.body)")
            }
        }
        #expect(fixture.steering.told.isEmpty)
    }

    @Test("a body of a megabyte is refused")
    func bigBody() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            let text = String(repeating: "a", count: 1 << 20)
            let answer = try await fixture.ask("POST", "/v1/items", body: #"{"text":"\#(text)"}"#)
            #expect(answer.status == 413)
            #expect(answer.body.contains("too_large"))
            await #expect(throws: Failure.self) { try await fixture.client.add(AddRequest(text: text)) }
            #expect(await fixture.client.isAnswering())
        }
        #expect(fixture.steering.told.isEmpty)
    }

    @Test("random bytes on the socket harm nobody")
    func randomBytes() async throws {
        let fixture = try Fixture()
        var random = SystemRandomNumberGenerator()
        try await fixture.serving {
            let openings = [
                "", "GET /v1/status HTTP/1.1\r\n", "POST /v1/items HTTP/1.1\r\ncontent-length: 99\r\n\r\n",
            ]
            // A million bytes.
            for round in 0..<500 {
                let connection = try RawConnection(fixture.socket)
                let noise = (0..<2000).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                await connection.send(Array(openings[round % openings.count].utf8) + noise)
                connection.finishSending()
                _ = await connection.receive()
            }
            #expect(await fixture.client.isAnswering())
        }
        #expect(fixture.steering.told.isEmpty)
    }

    @Test("requests that no client of good will sends are answered or dropped, and the next one is served")
    func hostileRequests() async throws {
        let fixture = try Fixture()
        let huge = String(repeating: "a", count: 200_000)
        let requests = [
            "GET /v1/items/%zz HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/items/%ff%fe HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/items/%00 HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/items?state=%E0%80 HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nhost: x\r\nx: \(huge)\r\n\r\n",
            "GET /\(huge) HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 20_000) + "\r\n",
            "GET /v1/status HTTP/9.9\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n\r\n", "GET /v1/status\r\n\r\n",
            "POST /v1/items HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            "POST /v1/items HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n{}",
            "POST /v1/items HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            "POST /v1/items HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /v1/items HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}",
            "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ]
        try await fixture.serving {
            for request in requests {
                let connection = try RawConnection(fixture.socket)
                await connection.send(request)
                connection.finishSending()
                let answer = await connection.receive()
                let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                #expect(
                    status.map { $0 < 500 || $0 == 501 || $0 == 505 } ?? true,
                    "\(request.prefix(60)): \(answer.prefix(80))"
                )
            }
            #expect(await fixture.client.isAnswering())
        }
        #expect(fixture.steering.told.isEmpty)
    }

    @Test("requests that are sent at once are answered in their order")
    func pipelining() async throws {
        let fixture = try Fixture()
        try await fixture.serving {
            let connection = try RawConnection(fixture.socket)
            let one = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
            let last = "GET /v1/nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            await connection.send(String(repeating: one, count: 50) + last)
            let answer = await connection.receive()
            #expect(answer.components(separatedBy: "HTTP/1.1 200").count == 51)
            #expect(answer.components(separatedBy: "HTTP/1.1 404").count == 2)
        }
    }

    @Test("the daemon's failures arrive as what they were")
    func failures() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        try await fixture.serving {
            let missing = await #expect(throws: Failure.self) {
                try await fixture.client.item(.words("nothing"))
            }
            #expect(missing?.code == .notFound)
            let conflict = await #expect(throws: Failure.self) {
                try await fixture.client.accept(.words("open"))
            }
            #expect(conflict?.code == .conflict)
            #expect(conflict?.message == "open does not wait for a confirmation")
            let ambiguous = await #expect(throws: Failure.self) {
                try await fixture.client.item(.words("tally"))
            }
            #expect(ambiguous?.code == .ambiguous)
        }
    }

    @Test("no socket, a stale socket and a file in its place all mean that no daemon answers")
    func noDaemon() async throws {
        let fixture = try Fixture()
        func code() async -> Failure.Code? {
            await #expect(throws: Failure.self) { try await fixture.client.status() }?.code
        }
        #expect(await code() == .noDaemon)
        try FileManager.default.createDirectory(
            atPath: fixture.socket.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try fixture.leaveStaleSocket()
        #expect(await code() == .noDaemon)
        try await fixture.serving { #expect(await fixture.client.isAnswering()) }
        #expect(await code() == .noDaemon)
        try? FileManager.default.removeItem(atPath: fixture.socket.string)
        try Data().write(to: URL(filePath: fixture.socket.string))
        #expect(await code() == .noDaemon)
    }

    @Test("socket and directory are the person's alone")
    func modes() async throws {
        let fixture = try Fixture()
        func mode(_ path: FilePath) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
        }
        try await fixture.serving {
            let (socket, directory) = try (mode(fixture.socket), mode(fixture.socket.removingLastComponent()))
            #expect(socket == 0o600)
            #expect(directory == 0o700)
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.socket.string))
    }
}

extension Fixture {
    /// A socket that nobody listens on any more, as `kill -9` leaves it.
    fileprivate func leaveStaleSocket() throws {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.string.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}
