import RalphCore

/// The first and the last lines of an output, how many there were, and what failed in it, without holding the rest.
struct OutputEnds: Sendable {
    private static let headLines = 60
    /// As many as the history keeps.
    private static let tailLines = 200
    private static let lineBytes = 2000

    private(set) var head: [String] = []
    private(set) var lineCount = 0
    private var ring: [String] = []
    private var next = 0
    private var scanner = FailureScanner()

    var failures: [String] { scanner.failures }

    mutating func add(_ bytes: some Collection<UInt8>) {
        let text = PlainText.inert(String(decoding: bytes.prefix(Self.lineBytes), as: UTF8.self))
        lineCount += 1
        scanner.read(text)
        if head.count < Self.headLines { head.append(text) }
        if ring.count < Self.tailLines {
            ring.append(text)
        } else {
            ring[next] = text
            next = (next + 1) % Self.tailLines
        }
    }

    var tail: [String] { Array(ring[next...] + ring[..<next]) }
}
