import RalphAPI
import RalphCore

/// Prints a log while it comes in, line by line, for as long as somebody reads.
struct LogPrinter {
    let console: Console
    /// As recorded; on a terminal inert all the same.
    let isRaw: Bool
    /// Makes a line readable; without it a line is shown as it is.
    var transcript: TranscriptScreen?

    /// A line of `--json`.
    private struct Line: Encodable { var line: String }

    /// False when nobody reads any more.
    @discardableResult
    func print(_ bytes: ByteStream) async throws -> Bool {
        if isRaw, !console.terminal.isInteractive, !console.wantsJSON { return try await copy(bytes) }
        var lines = LineSplitter()
        for try await piece in bytes {
            for line in lines.feed(piece) {
                guard try show(line) else { return false }
            }
        }
        if let rest = lines.finish() { return try show(rest) }
        return true
    }

    private func copy(_ bytes: ByteStream) async throws -> Bool {
        for try await piece in bytes {
            guard try console.output.write(piece) else { return false }
        }
        return true
    }

    private func show(_ line: [UInt8]) throws -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        if console.wantsJSON { return try console.show(jsonLine: Line(line: text)) }
        if !isRaw, let transcript { return try console.show(transcript.lines(line)) }
        return try console.show(Text.lines(text.isEmpty ? "\n" : text))
    }
}

/// Bytes in pieces of any size to lines without their line feed. A line that never ends is cut into several.
struct LineSplitter {
    /// Nobody reads more than this of one line.
    private static let longest = 1 << 20
    private var rest: [UInt8] = []

    mutating func feed(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            lines.append(rest + part)
            rest.removeAll()
        }
        rest += bytes.suffix(while: { $0 != UInt8(ascii: "\n") })
        if rest.count > LineSplitter.longest {
            lines.append(rest)
            rest.removeAll()
        }
        return lines
    }

    /// What came after the last line feed.
    mutating func finish() -> [UInt8]? {
        defer { rest.removeAll() }
        return rest.isEmpty ? nil : rest
    }
}

extension Array where Element == UInt8 {
    /// The longest end of which every element satisfies the condition.
    fileprivate func suffix(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
