internal import RalphCore

/// Reads JSON from the front, piece by piece, as whoever reads knows what comes: for lists so long that a decoder takes
/// seconds over them. Throws on whatever is not what was asked for.
package struct JSONPieceReader: ~Copyable {
    /// The text is not what the other side promised.
    package struct Mismatch: Error {
        /// Bytes before it.
        package var offset: Int
    }

    private let bytes: [UInt8]
    private var index = 0

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// For a value that was read, and is none of those that there are.
    package var mismatch: Mismatch { Mismatch(offset: index) }

    package var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return index == bytes.count
        }
    }

    /// The entries of a list, one after the other.
    package mutating func list(_ entry: (inout JSONPieceReader) throws -> Void) throws {
        try take("[")
        if isNext("]") { return }
        repeat { try entry(&self) } while isNext(",")
        try take("]")
    }

    /// The keys of an object, one after the other; the closure reads or skips each value.
    package mutating func object(_ value: (String, inout JSONPieceReader) throws -> Void) throws {
        try take("{")
        if isNext("}") { return }
        repeat {
            let key = try string()
            try take(":")
            try value(key, &self)
        } while isNext(",")
        try take("}")
    }

    package mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws
        -> Number
    {
        skipBlanks()
        let start = index
        while index < bytes.count, bytes[index] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[index]) {
            index += 1
        }
        guard let number = Number(String(decoding: bytes[start..<index], as: UTF8.self)) else {
            throw Mismatch(offset: start)
        }
        return number
    }

    package mutating func optionalString() throws -> String? {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "n") else { return try string() }
        for byte in "null".utf8 {
            guard index < bytes.count, bytes[index] == byte else { throw Mismatch(offset: index) }
            index += 1
        }
        return nil
    }

    package mutating func string() throws -> String {
        try take("\"")
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case Self.quote:
                defer { index += 1 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            case Self.backslash: return try escapedString(from: start)
            default: index += 1
            }
        }
        throw Mismatch(offset: start)
    }

    private mutating func escapedString(from start: Int) throws -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case Self.quote: return String(decoding: text, as: UTF8.self)
            case Self.backslash: text += try escape()
            default: text.append(byte)
            }
        }
        throw Mismatch(offset: start)
    }

    private mutating func escape() throws -> [UInt8] {
        guard index < bytes.count else { throw Mismatch(offset: index) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "u"): return try unicode()
        case Self.quote, Self.backslash, UInt8(ascii: "/"): return [byte]
        default: throw Mismatch(offset: index - 1)
        }
    }

    private mutating func unicode() throws -> [UInt8] {
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]), index + 1 < bytes.count, bytes[index] == Self.backslash,
            bytes[index + 1] == UInt8(ascii: "u")
        {
            index += 2
            units.append(try unit())
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private mutating func unit() throws -> UInt16 {
        guard index + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw Mismatch(offset: index) }
        index += 4
        return unit
    }

    /// Passes a value by that a later version may have added.
    package mutating func skip() throws {
        skipBlanks()
        guard index < bytes.count else { throw Mismatch(offset: index) }
        switch bytes[index] {
        case UInt8(ascii: "{"): try object { _, rest in try rest.skip() }
        case UInt8(ascii: "["): try list { try $0.skip() }
        case Self.quote: _ = try string()
        default:
            let start = index
            while index < bytes.count, Self.isOfWord(bytes[index]) { index += 1 }
            if index == start { throw Mismatch(offset: index) }
        }
    }

    /// Of a number, `true`, `false` or `null`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private mutating func isNext(_ mark: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private mutating func take(_ mark: Unicode.Scalar) throws {
        guard isNext(mark) else { throw Mismatch(offset: index) }
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }
}
