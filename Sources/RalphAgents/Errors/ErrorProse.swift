import Foundation
import RalphCore

/// The sentences by which providers and CLIs say what went wrong.
///
/// They are looked for only at the start of an error frame's text or of a line on standard error, never in what the
/// assistant said: an agent may well work on a file that is called `rate limit exceeded`.
enum ErrorProse {
    /// A sentence's start, in lower case, with `*` for anything in between. A leading `*` lifts the anchor: only for
    /// wording that nobody uses for anything else.
    typealias Rule = (pattern: String, kind: ErrorKind)

    /// What kind of error the text states; the CLI's own rules come before those that all share.
    static func kind(of text: String, rules: [Rule] = [], isAnchored: Bool = false) -> ErrorKind? {
        let sentence = normalised(text)
        func stated(_ sentence: String) -> ErrorKind? {
            for rule in rules + common where !isAnchored || !rule.pattern.hasPrefix("*") {
                if matches(sentence, rule.pattern) { return rule.kind }
            }
            return nil
        }
        if let kind = stated(sentence) { return kind }
        guard let status = status(in: sentence) else { return nil }
        if status.isNamed { return ErrorKind(status: status.code) }
        // Three digits alone can be a count: 401 tests failed.
        if let kind = stated(status.rest) { return kind }
        let isStatus = status.rest.hasPrefix("{") || reasons[status.code].map(status.rest.hasPrefix) == true
        return isStatus ? ErrorKind(status: status.code) : nil
    }

    /// The verdict for the last line on standard error that states an error, or for the last line on standard output where no
    /// frame came. Only the very last line is searched for sentences without an anchor: those before it may be anybody's, a
    /// tool server's for one.
    static func verdict(onPlainWordsOf end: RunEnd, rules: [Rule] = []) -> AgentReport.Verdict? {
        for (index, line) in end.errorLines.prefix(20).enumerated() {
            let text = String(line)
            if let kind = kind(of: text, rules: rules, isAnchored: index > 0) {
                return kind.verdict(text, at: end)
            }
        }
        guard !end.preamble.hasFrames, let text = end.preamble.line else { return nil }
        return kind(of: text, rules: rules)?.verdict(text, at: end)
    }

    /// Lower case, straight apostrophes, single spaces, and without the words that CLIs put before the sentence.
    static func normalised(_ text: String) -> String {
        let straight = text.prefix(4_000).replacing("\u{2019}", with: "'")
        var words = straight.lowercased().split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, prefixes.contains(String(word)) { words = words.dropFirst() }
        return words.joined(separator: " ")
    }

    private static let prefixes: Set<String> = ["error:", "fatal:", "✖", "×", "[error]", "warning:"]

    /// The HTTP status with which the sentence begins, named as one in one of the known wordings, or bare, and what follows.
    private static func status(in sentence: String) -> (code: Int, isNamed: Bool, rest: String)? {
        let start = marks.first { sentence.hasPrefix($0) } ?? ""
        let rest = sentence.dropFirst(start.count)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.count == 3, let code = Int(digits), !start.isEmpty || rest.dropFirst(3).first == " "
        else { return nil }
        return (code, !start.isEmpty, String(rest.dropFirst(4)))
    }

    /// The phrases that go with a status (RFC 9110, RFC 6585), where no common rule has them.
    private static let reasons = [
        400: "bad request", 403: "forbidden", 404: "not found", 408: "request timeout", 409: "conflict",
        413: "content too large", 422: "unprocessable", 429: "too many requests",
    ]

    private static let marks = [
        "unexpected status ", "exceeded retry limit, last status: ", "api error: request rejected (",
        "api error: ",
        "[api error: ", "error code: ", "status code ", "http error ", "http ",
        "request failed with status code ",
    ]

    private static func matches(_ sentence: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let start = parts.first, sentence.hasPrefix(start) else { return false }
        var rest = sentence.dropFirst(start.count)
        for part in parts.dropFirst() {
            guard let range = rest.range(of: part) else { return part.isEmpty }
            rest = rest[range.upperBound...]
        }
        return true
    }

    /// Money and login come first: their sentences often speak of limits too.
    private static let common: [Rule] = [
        ("credit balance is too low", .billing),
        ("insufficient credits", .billing),
        ("insufficient_quota", .billing),
        ("out of credits", .billing),
        ("you've hit your * spend limit", .billing),
        ("you've reached your * spend limit", .billing),
        ("payment required", .billing),
        ("quota exceeded. check your plan", .billing),
        ("*exceeded your current quota, please check your plan", .billing),

        ("invalid api key", .auth),
        ("invalid x-api-key", .auth),
        ("incorrect api key", .auth),
        ("*the provided api key is invalid", .auth),
        ("not logged in", .auth),
        ("not authenticated", .auth),
        ("unauthorized", .auth),
        ("failed to authenticate", .auth),
        ("authentication failed", .auth),
        ("authentication required", .auth),
        ("authentication error", .auth),
        ("no api key", .auth),
        ("oauth token", .auth),

        ("prompt is too long", .context),
        ("input is too long", .context),
        ("*context_length_exceeded", .context),
        ("*exceeds the context window", .context),
        ("*maximum context length", .context),

        ("you've hit your * limit", .limit),
        ("you've hit your limit", .limit),
        ("you've reached your * limit", .limit),
        ("rate limit exceeded", .limit),
        ("rate limit reached", .limit),
        ("too many requests", .limit),
        ("you have exhausted your", .limit),

        ("overloaded", .unavailable),
        ("internal server error", .unavailable),
        ("service unavailable", .unavailable),
        ("bad gateway", .unavailable),
        ("gateway timeout", .unavailable),
        ("connection error", .unavailable),
        ("connection refused", .unavailable),
        ("connection reset", .unavailable),
        ("connection timed out", .unavailable),
        ("network error", .unavailable),
        ("fetch failed", .unavailable),
        ("failed to fetch", .unavailable),
        ("request timed out", .unavailable),
        ("socket hang up", .unavailable),
        ("stream disconnected", .unavailable),
        ("unable to connect", .unavailable),
        ("getaddrinfo", .unavailable),
        ("*econnrefused", .unavailable),
        ("*econnreset", .unavailable),
        ("*enotfound", .unavailable),
        ("*etimedout", .unavailable),
        ("*eai_again", .unavailable),
        ("*getaddrinfo", .unavailable),
    ]
}
