/// The inside of a pair of braces, cut into tokens. Nothing is decided here about which keys there are.
struct AttributeTokens: Equatable, Sendable {
    struct Token: Equatable, Sendable {
        enum Kind: Equatable, Sendable {
            case id(String)
            case word(Word)
            case value(key: String, value: String)
        }

        var kind: Kind
        /// Where it begins in the document.
        var offset: Int
    }

    enum Word: String, CaseIterable, Sendable { case manual, later, split, item }

    var tokens: [Token]
    /// With both braces.
    var range: Range<Int>

    /// The attributes at the end of a line: braces set off by a space, outside code and links, every token well formed.
    /// - Parameter plainText: the parts of the line that are neither code nor link nor HTML.
    static func atEnd(of line: Range<Int>, in text: SourceText, plainText: [Range<Int>]) -> AttributeTokens? {
        guard line.count >= 2, text.bytes[line.upperBound - 1] == Byte.closeBrace else { return nil }
        guard plainText.contains(where: { $0.contains(line.upperBound - 1) }) else { return nil }
        for part in plainText.reversed() {
            var at = min(part.upperBound, line.upperBound)
            while at > max(part.lowerBound, line.lowerBound) {
                at -= 1
                guard text.bytes[at] == Byte.openBrace else { continue }
                guard at == line.lowerBound || Byte.isBlank(text.bytes[at - 1]) else { continue }
                if let found = inBraces(at..<line.upperBound, text) { return found }
            }
        }
        return nil
    }

    /// The tokens between two braces; nil when they are prose.
    static func inBraces(_ range: Range<Int>, _ text: SourceText) -> AttributeTokens? {
        guard range.count > 2 else { return nil }
        return Tokenizer(text.bytes, range.lowerBound + 1..<range.upperBound - 1).tokens().map {
            AttributeTokens(tokens: $0, range: range)
        }
    }
}

/// Cuts bytes into tokens, or finds that they are prose.
private struct Tokenizer {
    private let bytes: [UInt8]
    private var at: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    /// Nil when a token is malformed or there is none.
    func tokens() -> [AttributeTokens.Token]? {
        var copy = self
        var found: [AttributeTokens.Token] = []
        copy.skipBlanks()
        while copy.at < copy.end {
            let offset = copy.at
            guard let kind = copy.token() else { return nil }
            guard copy.at == copy.end || Byte.isBlank(bytes[copy.at]) else { return nil }
            found.append(AttributeTokens.Token(kind: kind, offset: offset))
            copy.skipBlanks()
        }
        return found.isEmpty ? nil : found
    }

    private mutating func skipBlanks() {
        while at < end, Byte.isBlank(bytes[at]) { at += 1 }
    }

    private mutating func token() -> AttributeTokens.Token.Kind? {
        if bytes[at] == Byte.hash {
            at += 1
            let name = run(while: Self.isIDByte)
            return name.isEmpty ? nil : .id(string(name))
        }
        let key = run { Byte.isAlphanumeric($0) || $0 == Byte.dash || $0 == UInt8(ascii: "_") }
        guard let first = key.first, !Byte.isDigit(bytes[first]), bytes[first] != Byte.dash else {
            return nil
        }
        guard at < end, bytes[at] == UInt8(ascii: "=") else {
            return AttributeTokens.Word(rawValue: string(key)).map { .word($0) }
        }
        at += 1
        return value().map { .value(key: string(key), value: $0) }
    }

    private mutating func value() -> String? {
        guard at < end else { return nil }
        if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") { return quoted() }
        let range = run { !Byte.isBlank($0) && !Self.unquotable.contains($0) }
        return range.isEmpty ? nil : string(range)
    }

    /// In quotes, a backslash keeps its meaning for the shell unless the same quote or a backslash follows it.
    private mutating func quoted() -> String? {
        let quote = bytes[at]
        let backslash = UInt8(ascii: "\\")
        var value: [UInt8] = []
        at += 1
        while at < end, bytes[at] != quote {
            if bytes[at] == backslash, at + 1 < end, bytes[at + 1] == quote || bytes[at + 1] == backslash {
                at += 1
            }
            value.append(bytes[at])
            at += 1
        }
        guard at < end else { return nil }
        at += 1
        return String(decoding: value, as: UTF8.self)
    }

    private static let unquotable: Set<UInt8> = Set("{}\"'`".utf8)

    private static func isIDByte(_ byte: UInt8) -> Bool {
        Byte.isAlphanumeric(byte) || byte >= 0x80 || "-_./:".utf8.contains(byte)
    }

    private mutating func run(while isIn: (UInt8) -> Bool) -> Range<Int> {
        let start = at
        while at < end, isIn(bytes[at]) { at += 1 }
        return start..<at
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
