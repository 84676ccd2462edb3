#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The bytes of a document with the places where its lines begin, counted as cmark counts them: a line ends with
/// `\n`, `\r\n` or a lone `\r`.
struct SourceText: Sendable {
    let bytes: [UInt8]
    /// Offset of each line's first byte, and one more for the end. A byte-order mark belongs to no line.
    let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let bom = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var starts: [Int] = [bom]
        starts.reserveCapacity(bytes.count / 32)
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let hasReturns = memchr(base, Int32(Byte.carriageReturn), buffer.count) != nil
            if hasReturns {
                Self.findMixedLines(buffer, from: bom, into: &starts)
                return
            }
            var at = bom
            while at < buffer.count, let found = memchr(base + at, Int32(Byte.newline), buffer.count - at) {
                at = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found)) + 1
                starts.append(at)
            }
        }
        if starts.last != bytes.count { starts.append(bytes.count) }
        if starts.count == 1 { starts.append(bytes.count) }
        lineStarts = starts
    }

    private static func findMixedLines(
        _ buffer: UnsafeBufferPointer<UInt8>,
        from start: Int,
        into starts: inout [Int]
    ) {
        var at = start
        while at < buffer.count {
            let byte = buffer[at]
            at += 1
            guard byte <= Byte.carriageReturn else { continue }
            if byte == Byte.newline {
                starts.append(at)
            } else if byte == Byte.carriageReturn {
                if at < buffer.count, buffer[at] == Byte.newline { at += 1 }
                starts.append(at)
            }
        }
    }

    var lineCount: Int { lineStarts.count - 1 }

    /// Offset of the first byte of a line (from 1).
    func start(ofLine line: Int) -> Int { lineStarts[min(max(line, 1), lineStarts.count) - 1] }

    /// The bytes of a line (from 1) without its line end; empty for a line that is not there.
    func content(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= lineCount else { return bytes.count..<bytes.count }
        let start = lineStarts[line - 1]
        var end = lineStarts[line]
        if end > start, bytes[end - 1] == Byte.newline { end -= 1 }
        if end > start, bytes[end - 1] == Byte.carriageReturn { end -= 1 }
        return start..<end
    }

    /// The range without spaces and tabs at both ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while end > start, Byte.isBlank(bytes[end - 1]) { end -= 1 }
        while start < end, Byte.isBlank(bytes[start]) { start += 1 }
        return start..<end
    }

    func isBlank(line: Int) -> Bool { trimmed(content(ofLine: line)).isEmpty }

    func string(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
    }

    /// Line and column (both from 1) of an offset.
    func place(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineCount
        while low + 1 < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, max(offset - lineStarts[low], 0) + 1)
    }
}

/// The bytes that the grammar speaks of.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let hash = UInt8(ascii: "#")
    static let dash = UInt8(ascii: "-")
    static let tick = UInt8(ascii: "x")

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isUpper(byte) || isLower(byte) }
    static func isTicked(_ byte: UInt8) -> Bool { byte == tick || byte == UInt8(ascii: "X") }
}
