import HTTPTypes
import RalphCore
import Testing

@testable import RalphServer

@Suite("the door of a TCP address")
struct DoorTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private func status(
        _ authority: String?,
        token: String? = nil,
        names: Set<String> = ["buildbox"],
        _ fields: [HTTPField.Name: String] = [:]
    ) -> Int? {
        var head = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/v1/status")
        for (name, value) in fields { head.headerFields[name] = value }
        return Doorkeeper(token: token.map { Array($0.utf8) }, names: names).refusal(of: head)?.status.code
    }

    @Test(
        "clients that call us by an address or one of our names come in",
        arguments: [
            "127.0.0.1:7777", "127.0.0.1", "[::1]:7777", "localhost:7777", "LOCALHOST", "buildbox:7777",
            "localhost.",
            "10.0.0.7:80",
        ]
    )
    func ours(authority: String) { #expect(status(authority) == nil) }

    @Test(
        "a name that somebody let point to us does not",
        arguments: [
            "evil.example:7777", "127.0.0.1.evil.example", "localhost.evil.example", "buildbox.evil.example",
            "1.2.3",
            "0x7f.1", "[evil]:1",
        ]
    )
    func rebound(authority: String) {
        #expect(status(authority) == 421 || status(authority) == 400)
        #expect(status(authority, token: Self.token) != nil)
    }

    @Test(
        "no Host, or a mangled one, is refused",
        arguments: [nil, "", ":7777", "localhost:x", "[::1", "[::1]x"]
    )
    func noHost(authority: String?) { #expect(status(authority) == 400) }

    @Test(
        "a page of another origin is refused, one of ours is not",
        arguments: [
            ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:8000", 403),
            ("http://127.0.0.1:7777", nil),
            ("https://127.0.0.1:7777", nil), ("http://127.0.0.1:7777.evil.example", 403),
        ] as [(String, Int?)]
    )
    func origins(origin: String, expected: Int?) {
        #expect(status("127.0.0.1:7777", [.origin: origin]) == expected)
    }

    @Test(
        "with a token only its bearer comes in",
        arguments: [
            (nil, 401), ("Bearer \(token)", nil), ("bearer \(token)", nil), ("Bearer", 401),
            ("Basic \(token)", 401),
            ("Bearer \(token)0", 401), ("Bearer \(token.dropLast())", 401),
            ("Bearer \(token.dropLast())e", 401),
            ("Bearer ", 401), ("Bearer \(token)\(token)", 401),
        ] as [(String?, Int?)]
    )
    func tokens(authorization: String?, expected: Int?) {
        let fields = authorization.map { [HTTPField.Name.authorization: $0] } ?? [:]
        #expect(status("127.0.0.1:7777", token: Self.token, fields) == expected)
    }

    @Test("bytes are equal only as a whole")
    func equality() {
        #expect(Doorkeeper.areEqual([1, 2, 3], [1, 2, 3]))
        for other in [[], [1], [1, 2, 4], [2, 2, 3], [1, 2, 3, 1], [1, 2, 3, 1, 2, 3]] as [[UInt8]] {
            #expect(!Doorkeeper.areEqual(other, [1, 2, 3]))
        }
        #expect(!Doorkeeper.areEqual([], []))
    }
}
