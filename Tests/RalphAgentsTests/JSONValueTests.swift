import Foundation
import RalphAgents
import Testing

@Suite("lenient JSON")
struct JSONValueTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(line: Array(text.utf8)) }

    @Test("ordinary JSON reads as itself")
    func ordinary() throws {
        let value = try #require(read(#" {"a":[1,-2.5,true,false,null,"x\n\u0041\/"],"b":{"c":{}},"é":""} "#))
        #expect(
            value["a"]
                == .array([.integer(1), .number(-2.5), .bool(true), .bool(false), .null, .string("x\nA/")])
        )
        #expect(value["b"]["c"] == .object([:]))
        #expect(value["é"].string == "")
        #expect(value["é"].text == nil)
        #expect(value["nowhere"]["at"]["all"].isNull)
    }

    @Test(
        "what is no single JSON value is refused",
        arguments: [
            "", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,", "[1 2]", "\"open", "tru",
            "{}{}", "{} x",
            "{'a':1}", "{a:1}", "-", "\"\\u12\"", "\"\\", "nul",
        ]
    )
    func refused(_ text: String) { #expect(read(text) == nil) }

    @Test("numbers out of range neither trap nor count")
    func numbers() throws {
        let value = try #require(
            read(
                #"{"a":1e999,"b":99999999999999999999,"c":-5,"d":1e30,"e":2.5,"h":2.0,"f":"7","g":9223372036854775807}"#
            )
        )
        #expect(value["a"].double == nil)
        #expect(value["a"].int == nil)
        #expect(value["a"].count == 0)
        #expect(value["b"].int == nil)
        #expect(value["c"].count == 0)
        #expect(value["c"].usd == nil)
        #expect(value["d"].int == nil)
        #expect(value["e"].int == nil)
        #expect(value["f"].int == nil)
        #expect(value["h"].int == 2)
        #expect(value["g"].count == 1_000_000_000_000)
    }

    @Test("invalid UTF-8, NUL bytes, raw control characters and lone surrogates do not lose the frame")
    func damage() throws {
        var line = Array(#"{"a":"x"#.utf8) + [0xFF, 0xC3, 0x00, 0x07, 0x0A]
        line += Array(#"y","b":"\ud83d","c":"\ud83d\ude00","d":"\ud83dz","e":1}"#.utf8) + [0x00]
        let value = try #require(JSONValue(line: line))
        #expect(value["a"].string == "x\u{FFFD}\u{FFFD}\u{0}\u{7}\ny")
        #expect(value["b"].string == "\u{FFFD}")
        #expect(value["c"].string == "😀")
        #expect(value["d"].string == "\u{FFFD}z")
        #expect(value["e"].int == 1)
    }

    @Test("U+2028 inside a string is a character like any other")
    func lineSeparator() throws {
        let value = try #require(read("{\"a\":\"x\u{2028}y\"}"))
        #expect(value["a"].string == "x\u{2028}y")
    }

    @Test("a byte order mark before the first frame is skipped")
    func byteOrderMark() { #expect(read("\u{FEFF}{\"a\":1}")?["a"].int == 1) }

    @Test("every recorded line reads as Foundation reads it")
    func likeFoundation() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        for line in try files.flatMap({ try StreamRun.lines($0) }) where line.first == UInt8(ascii: "{") {
            let theirs = try? JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary
            #expect(JSONValue(line: line).map { canonical($0.foundation) } == theirs.map { canonical($0) })
        }
    }

    @Test("a long string is cut, and what follows it is still read")
    func longString() throws {
        let value = try #require(read(#"{"a":""# + String(repeating: "x", count: 8 << 20) + #"","b":1}"#))
        #expect(value["a"].string?.utf8.count == 64 << 10)
        #expect(value["b"].int == 1)
    }

    @Test("a huge array is read to its end and kept in part")
    func hugeArray() throws {
        let value = try #require(read(#"{"a":["# + String(repeating: "0,", count: 500_000) + #"0],"b":1}"#))
        #expect(value["a"].array.count == 20_000)
        #expect(value["b"].int == 1)
    }

    @Test("nesting beyond any sense is refused without exhausting the stack")
    func deep() {
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
        #expect(read(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)) != nil)
    }
}

/// Foundation reads long fractions as decimals: numbers are compared as far as money needs them.
private func canonical(_ value: Any) -> String {
    switch value {
    case let members as NSDictionary:
        let pairs = members.map { key, value in "\(key):\(canonical(value))" }
        return "{" + pairs.sorted().joined(separator: ",") + "}"
    case let elements as NSArray: return "[" + elements.map(canonical).joined(separator: ",") + "]"
    case let number as NSNumber: return String(format: "%.12g", number.doubleValue)
    default: return "\(value)"
    }
}

extension JSONValue {
    fileprivate var foundation: Any {
        switch self {
        case .null: NSNull()
        case .bool(let flag): NSNumber(value: flag)
        case .integer(let value): NSNumber(value: value)
        case .number(let value): NSNumber(value: value)
        case .string(let text): text as NSString
        case .array(let elements): elements.map(\.foundation) as NSArray
        case .object(let members): members.mapValues(\.foundation) as NSDictionary
        }
    }
}
