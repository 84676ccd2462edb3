internal import HTTPTypes
internal import Hummingbird
internal import RalphCore

/// Decides who may come in over TCP. A Unix socket has its mode; here a web page in somebody's browser could knock, by a
/// name of its own that it lets point to this machine (DNS rebinding), or straight across origins.
struct Doorkeeper: Sendable {
    /// Nil: everybody who reaches the address may; it is a loopback one then.
    var token: [UInt8]?
    /// Names, beside addresses and `localhost`, by which clients may call this machine. Lower case.
    var names: Set<String>

    /// Nil: welcome. Says nothing of the project before the token is right.
    func refusal(of head: HTTPRequest) -> Refusal? {
        guard let authority = head.authority, let host = Self.host(in: authority) else {
            return Refusal(.badRequest, code: "usage", "no usable Host header")
        }
        guard Self.isAddress(host) || host == "localhost" || names.contains(host) else {
            return Refusal(
                .misdirectedRequest,
                code: "usage",
                "\(PlainText.cut(PlainText.line(host), bytes: 100)) is none of our names: add it to hosts of listen:"
            )
        }
        if let origin = head.headerFields[.origin], !Self.isSame(origin, authority) {
            return Refusal(.forbidden, code: "usage", "requests of other origins are refused")
        }
        guard isProven(head.headerFields[.authorization]) else {
            var refusal = Refusal(
                .unauthorized,
                code: "usage",
                "send the token: Authorization: Bearer TOKEN, or $RALPH_TOKEN_FILE for ralphctl"
            )
            refusal.headers[.wwwAuthenticate] = "Bearer"
            return refusal
        }
        return nil
    }

    private func isProven(_ authorization: String?) -> Bool {
        guard let token else { return true }
        let parts = (authorization ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return Self.areEqual(Array(parts[1].utf8), token)
    }

    /// Takes as long for a wrong first byte as for a wrong last one; how long depends on what was sent alone.
    static func areEqual(_ given: [UInt8], _ token: [UInt8]) -> Bool {
        guard !token.isEmpty else { return false }
        var difference = given.count ^ token.count
        for index in given.indices { difference |= Int(given[index] ^ token[index % token.count]) }
        return difference == 0
    }

    /// `host`, `host:port` or `[address]:port` without the port, in lower case.
    static func host(in authority: String) -> String? {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else {
                return nil
            }
            return String(text[text.index(after: text.startIndex)..<end])
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count == 1 || isPort(":" + parts[1]) else {
            return nil
        }
        // A name with its final dot is the same name.
        return host.hasSuffix(".") ? String(host.dropLast()) : String(host)
    }

    private static func isPort(_ text: some StringProtocol) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
    }

    /// No name server answers for an address.
    private static func isAddress(_ host: String) -> Bool {
        if host.contains(":") {
            return host.allSatisfy { $0 == ":" || $0 == "." || ($0.isASCII && $0.isHexDigit) }
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether a page of that origin came from here.
    private static func isSame(_ origin: String, _ authority: String) -> Bool {
        let (origin, authority) = (origin.lowercased(), authority.lowercased())
        return origin == "http://" + authority || origin == "https://" + authority
    }
}
