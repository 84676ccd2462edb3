/// Reads one line of JSON in one pass, with memory bounded whatever the line holds.
///
/// Forgiven, because a stream must not lose its final frame to them: invalid UTF-8, raw control characters in strings,
/// lone surrogates, numbers out of range. Cut: strings beyond `stringLimit` bytes, values beyond `valueLimit`.
struct JSONReader {
    /// What a report or a transcript can use of one string.
    static let stringLimit = 64 << 10
    /// Keeps `[0,0,0,…]` of 8 MiB from becoming 100 MB.
    static let valueLimit = 20_000
    static let depthLimit = 128

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var stored = 0
    private var outer = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The only value of the line; nil when it is none, cut off, or followed by something else.
    mutating func document() -> JSONValue? {
        guard let value = value() else { return nil }
        skipSpace()
        return position == bytes.count ? value : nil
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            // NUL and a byte order mark's bytes are noise between values.
            case 0x20, 0x09, 0x0A, 0x0D, 0x00, 0xEF, 0xBB, 0xBF: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() -> JSONValue? {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func nested(_ read: (inout JSONReader) -> JSONValue?) -> JSONValue? {
        guard depth < Self.depthLimit else { return nil }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return read(&self)
    }

    private mutating func object() -> JSONValue? {
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\""), let key = string(), take(UInt8(ascii: ":")) else {
                return nil
            }
            guard let value = value() else { return nil }
            if hasRoomForMember() { members[key] = value }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array() -> JSONValue? {
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            guard let value = value() else { return nil }
            if hasRoom() { elements.append(value) }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .array(elements) : nil
    }

    private mutating func hasRoom() -> Bool {
        stored += 1
        return stored <= Self.valueLimit
    }

    /// A frame's own members and those right below it have room of their own: a list of thousands of anything must not cost
    /// the frame its type.
    private mutating func hasRoomForMember() -> Bool {
        guard depth <= 2 else { return hasRoom() }
        outer += 1
        return outer <= Self.valueLimit
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) -> JSONValue? {
        let end = position + text.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.description.utf8) else {
            return nil
        }
        position = end
        return value
    }

    private mutating func number() -> JSONValue? {
        let start = position
        while let byte = current, Self.isNumberByte(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int(text) { return .integer(integer) }
        return Double(text).map(JSONValue.number)
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func string() -> String? {
        position += 1
        var text: [UInt8] = []
        var start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                append(start..<position, to: &text)
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                append(start..<position, to: &text)
                guard let scalar = escape() else { return nil }
                if text.count < Self.stringLimit { text.append(contentsOf: String(scalar).utf8) }
                start = position
            default: position += 1
            }
        }
        return nil
    }

    private func append(_ range: Range<Int>, to text: inout [UInt8]) {
        let room = max(0, Self.stringLimit - text.count)
        text.append(contentsOf: bytes[range].prefix(room))
    }

    private mutating func escape() -> Unicode.Scalar? {
        position += 1
        guard let byte = current else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return codePoint()
        default: return Unicode.Scalar(byte)
        }
    }

    private mutating func codePoint() -> Unicode.Scalar? {
        guard let unit = hexadecimal() else { return nil }
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        let mark = position
        if current == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            if let low = hexadecimal(), UTF16.isTrailSurrogate(low) {
                return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
            }
            position = mark
        }
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard let unit = UInt16(digits, radix: 16) else { return nil }
        position += 4
        return unit
    }
}
