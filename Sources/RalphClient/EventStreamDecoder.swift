internal import Foundation
internal import RalphAPI
internal import RalphCore

/// Reads `text/event-stream` in pieces of any size. Only `data:` matters: it holds the whole event.
struct EventStreamDecoder {
    private static let longestLine = 1 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []

    mutating func handle(_ bytes: [UInt8]) throws -> [EventView] {
        var events: [EventView] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                guard line.count <= Self.longestLine else {
                    throw Failure(
                        .unavailable,
                        "the daemon sent an event of more than \(Self.longestLine) bytes"
                    )
                }
                continue
            }
            if let event = try endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() throws -> EventView? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.isEmpty else {
            let prefix = Array("data: ".utf8)
            if line.starts(with: prefix) { data += line.dropFirst(prefix.count) }
            return nil
        }
        guard !data.isEmpty else { return nil }
        defer { data.removeAll(keepingCapacity: true) }
        return try WireJSON.decode(EventView.self, from: Data(data))
    }
}
