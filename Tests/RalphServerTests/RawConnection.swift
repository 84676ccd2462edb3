import Foundation
import Glibc
import SystemPackage

/// A connection that says exactly what a test wants it to say. It blocks on threads of its own, never on those that
/// the server needs.
final class RawConnection: Sendable {
    private let descriptor: Int32

    init(_ socket: FilePath) throws {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.string.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) async {
        await Self.blocking { [descriptor] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Until the text is there, or the other side closes.
    func receive(until end: String? = nil) async -> String {
        await Self.blocking { [descriptor] in
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count <= 0 { break }
                received += buffer[..<count]
            }
            return String(decoding: received, as: UTF8.self)
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}

/// An answer as it came.
struct RawAnswer {
    var status: Int
    var head: String
    var body: String
}

extension Fixture {
    func ask(
        _ method: String,
        _ path: String,
        headers: [String] = [],
        body: String? = nil
    ) async throws -> RawAnswer {
        let connection = try RawConnection(socket)
        var lines = ["\(method) \(path) HTTP/1.1", "host: ralphd", "connection: close"] + headers
        if let body { lines.append("content-length: \(body.utf8.count)") }
        await connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        let text = await connection.receive()
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
        let head = parts.first ?? ""
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return RawAnswer(status: status, head: head.lowercased(), body: parts.count > 1 ? parts[1] : "")
    }
}
