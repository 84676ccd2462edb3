import Foundation
import Glibc
import SystemPackage
import Testing

/// Plays the service manager's side of sd_notify(3).
final class NotifySocket {
    private let descriptor: Int32
    /// For `NOTIFY_SOCKET`.
    let name: String
    private(set) var messages: [String] = []

    /// - Parameter name: a path, or `@` and a name without a file.
    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    deinit { close(descriptor) }

    /// Takes messages until one fits; an issue when none does in time.
    @discardableResult
    func await(
        _ what: String,
        seconds: Int32 = 30,
        _ place: SourceLocation = #_sourceLocation,
        where fits: (String) -> Bool
    ) throws -> String {
        let deadline = ContinuousClock.now + .seconds(Int(seconds))
        while ContinuousClock.now < deadline {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 200) == 1 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            let message = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
            messages.append(message)
            if fits(message) { return message }
        }
        Issue.record("never: \(what); there were \(messages)", sourceLocation: place)
        throw CancellationError()
    }
}
