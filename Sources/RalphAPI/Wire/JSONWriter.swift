/// Writes our form of JSON, byte for byte as `WireJSON` does, for lists so long that an encoder takes seconds over them.
package struct JSONWriter: Sendable {
    /// What was written since the last `take`.
    private var bytes: [UInt8] = []
    private let isPretty: Bool
    private var depth = 0
    /// Whether the innermost list or object has an entry.
    private var hasEntry = false

    private static let hexadecimal = Array("0123456789abcdef".utf8)
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    package init(pretty: Bool = false) { isPretty = pretty }

    package var count: Int { bytes.count }

    /// Hands over what was written.
    package mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    package mutating func list(_ entries: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "["))
        entries(&self)
        end(UInt8(ascii: "]"))
    }

    package mutating func begin(_ bracket: UInt8) {
        bytes.append(bracket)
        depth += 1
        hasEntry = false
    }

    package mutating func end(_ bracket: UInt8) {
        depth -= 1
        if isPretty {
            // An empty one has an empty line in it.
            if !hasEntry { bytes.append(0x0A) }
            newLine()
        }
        bytes.append(bracket)
        hasEntry = true
    }

    /// Before each entry of a list.
    package mutating func entry() {
        if hasEntry { bytes.append(UInt8(ascii: ",")) }
        hasEntry = true
        if isPretty { newLine() }
    }

    /// Before each value of an object; keys come sorted.
    package mutating func key(_ name: StaticString) {
        entry()
        bytes.append(Self.quote)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(Self.quote)
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
    }

    package mutating func value(_ number: some BinaryInteger) {
        bytes.append(contentsOf: String(number).utf8)
    }

    package mutating func value(_ text: String?) {
        guard var text else { return bytes.append(contentsOf: "null".utf8) }
        bytes.append(Self.quote)
        text.withUTF8 { content in
            let isPlain = content.allSatisfy { $0 >= 0x20 && $0 != Self.quote && $0 != Self.backslash }
            if isPlain { bytes.append(contentsOf: content) } else { for byte in content { escape(byte) } }
        }
        bytes.append(Self.quote)
    }

    private mutating func escape(_ byte: UInt8) {
        let short: UInt8? =
            switch byte {
            case Self.quote, Self.backslash: byte
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        if let short {
            bytes += [Self.backslash, short]
        } else if byte < 0x20 {
            bytes += Array("\\u00".utf8)
            bytes += [Self.hexadecimal[Int(byte >> 4)], Self.hexadecimal[Int(byte & 0xF)]]
        } else {
            bytes.append(byte)
        }
    }

    private mutating func newLine() {
        bytes.append(0x0A)
        for _ in 0..<depth { bytes += [0x20, 0x20] }
    }
}

/// A view of which there can be a hundred thousand in one answer.
package protocol ListedView: Codable, Sendable {
    func write(to writer: inout JSONWriter)
    init(from reader: inout JSONPieceReader) throws
}
