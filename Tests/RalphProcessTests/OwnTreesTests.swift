import Foundation
import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

@Suite("own trees", .timeLimit(.minutes(5)))
struct OwnTreesTests {
    private let trees = OwnTrees(markPrefix: "own-trees-test/", containment: .group)

    private func child(_ environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["60"]
        process.environment = environment
        try process.run()
        return process
    }

    @Test(
        "a child is in one, this process and its parent are in none, and of one that is gone nothing is known"
    )
    func descent() throws {
        let process = try child()
        #expect(trees.include(process.processIdentifier) == true)
        #expect(trees.include(getpid()) == false)
        #expect(trees.include(getppid()) == false)
        #expect(trees.include(1) == false)
        let identity = try #require(ProcessIdentity(pid: process.processIdentifier))
        identity.signal(SIGKILL)
        #expect(identity.waitForEnd(until: .now + .seconds(10)))
        #expect(trees.include(process.processIdentifier) == nil)
    }

    @Test(
        "the holder of the other end of a TCP connection on this machine is found, and none where there is no connection"
    )
    func holder() throws {
        let (listener, port) = try listen()
        defer { close(listener) }
        let client = try connect(to: port)
        let server = accept(listener, nil, nil)
        defer { close(server) }
        let peerPort = try self.port(of: client)
        let here = "127.0.0.1"
        let connection = try #require(LocalConnection(peer: (here, peerPort), own: (here, port)))
        #expect(connection.holders() == [getpid()])
        #expect(!connection.isOfAnotherUser)
        #expect(LocalConnection(peer: ("::ffff:127.0.0.1", peerPort), own: (here, port)) != nil)
        #expect(
            LocalConnection(peer: ("127.0.0.2", peerPort), own: (here, port)) == nil,
            "the same port elsewhere"
        )
        close(client)
        #expect(LocalConnection(peer: (here, peerPort), own: (here, port))?.holders().isEmpty ?? true)
        #expect(LocalConnection(peer: (here, 1), own: (here, port)) == nil)
        for own in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
            #expect(LocalConnection.isOwn(own))
        }
        #expect(!LocalConnection.isOwn("192.0.2.77"))
    }

    private func listen() throws -> (socket: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try withAddress(port: 0) { try #require(bind(listener, $0, $1) == 0) }
        try #require(Glibc.listen(listener, 1) == 0)
        return (listener, try port(of: listener))
    }

    private func connect(to port: Int) throws -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try withAddress(port: port) { try #require(Glibc.connect(client, $0, $1) == 0) }
        return client
    }

    private func port(of socket: Int32) throws -> Int {
        var port = 0
        try withAddress(port: 0) { pointer, length in
            var length = length
            try #require(getsockname(socket, UnsafeMutablePointer(mutating: pointer), &length) == 0)
            port = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
        return port
    }

    private func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
