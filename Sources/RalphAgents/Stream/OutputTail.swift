import RalphCore

/// The end of a program's plain output, in bounded memory and in time that does not depend on how long a line or the output is.
struct OutputTail {
    /// What is kept as the final text.
    static let limit = 16 << 10

    private var bytes: [UInt8] = []

    mutating func append(_ line: [UInt8]) {
        bytes.append(contentsOf: line.suffix(Self.limit))
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count > 4 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// Inert; nil when there was nothing but white space.
    var text: String? {
        let text = PlainText.inert(String(decoding: bytes.suffix(Self.limit), as: UTF8.self))
        return text.contains { !$0.isWhitespace } ? text : nil
    }
}
