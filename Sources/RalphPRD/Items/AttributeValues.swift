import RalphCore

/// What one pair of braces says, before the defaults of the headings around it are applied.
struct AttributeValues: Equatable, Sendable {
    var id: String?
    var isManual: Bool?
    var isLater: Bool?
    var isSplit = false
    var isItem = false
    var after: [String] = []
    var checks: [String] = []
    var priority: Int?
    var agent: AgentChoice?
    var model: String?
    var timeout: Duration?
    var attempts: Int?
    var budget: Ceiling?
    /// Where the braces begin and end in the document.
    var offset = 0
    var end = 0
    /// All that is wrong; the item waits for it to be mended.
    private(set) var mistakes: [Mistake] = []
    var error: String? { mistakes.first?.message }

    /// Something that is wrong, and the offset of the token which says it.
    struct Mistake: Equatable, Sendable {
        var offset: Int
        var message: String
    }

    /// Where the token that is being read begins.
    private var at = 0

    static let keys = [
        "after", "agent", "attempts", "budget", "check", "later", "manual", "model", "priority", "timeout",
    ]

    init() {}

    init(_ attributes: AttributeTokens) {
        offset = attributes.range.lowerBound
        end = attributes.range.upperBound
        var seen: Set<String> = []
        for token in attributes.tokens {
            at = token.offset
            switch token.kind {
            case .id(let name):
                if id != nil { note("`#\(name)` is a second id; an item has one") }
                id = id ?? name
            case .word(.manual): isManual = true
            case .word(.later): isLater = true
            case .word(.split): isSplit = true
            case .word(.item): isItem = true
            case .value(let key, let value):
                if !seen.insert(key).inserted, key != "check", key != "after" {
                    note("`\(key)` stands here twice; leave one out")
                }
                set(key, to: value)
            }
        }
    }

    /// More in one pair of braces would tell nobody more.
    private static let mostMistakes = 20

    private mutating func note(_ message: String) {
        guard mistakes.count < Self.mostMistakes else { return }
        mistakes.append(Mistake(offset: at, message: message))
    }

    private mutating func set(_ key: String, to value: String) {
        switch key {
        case "after": setAfter(value)
        case "check": checks.append(value)
        case "agent": setAgent(value)
        case "model": model = value
        case "manual": isManual = flag(key, value)
        case "later": isLater = flag(key, value)
        case "priority": priority = number(key, value)
        case "attempts": attempts = number(key, value)
        case "timeout":
            timeout = DurationText.parse(value)
            if timeout == nil { note("`timeout=\(value)` is no duration; write it like 90s, 30m or 1h30m") }
        case "budget":
            budget = MoneyText.parse(value)
            if budget == nil { note("`budget=\(value)` is no amount; write it like $2.50 or 500k") }
        default:
            let hint = Spelling.nearest(to: key, in: Self.keys).map { "did you mean `\($0)`?" }
            let known = Self.keys.joined(separator: ", ")
            note(
                "unknown attribute `\(key)`; \(hint ?? "known are \(known) and the words manual, later, split, item")"
            )
        }
    }

    private mutating func setAfter(_ value: String) {
        let names = Self.names(in: value)
        if names.contains("") { note("`after=\(value)` has an empty name; write after=one,two") }
        after += names.filter { !$0.isEmpty }
    }

    private static func names(in value: String) -> [String] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { part in
            var name = part.drop { $0 == " " || $0 == "\t" }
            if name.hasPrefix("#") { name = name.dropFirst() }
            while let last = name.last, last == " " || last == "\t" { name = name.dropLast() }
            return String(name)
        }
    }

    private mutating func setAgent(_ value: String) {
        agent = AgentChoice(text: value)
        if agent == nil { note("`agent=\(value)` is no agent; write agent=NAME or agent=NAME:MODEL") }
    }

    private mutating func flag(_ key: String, _ value: String) -> Bool? {
        switch value {
        case "yes": return true
        case "no": return false
        default:
            note("`\(key)=\(value)` is neither \(key)=yes nor \(key)=no")
            return nil
        }
    }

    private mutating func number(_ key: String, _ value: String) -> Int? {
        if let number = Int(value), number >= 1, number <= 1000 { return number }
        note("`\(key)=\(value)` is no number from 1 to 1000")
        return nil
    }
}

/// What is wrong, and where a token stands. The braces are cut once more for it, as it is asked for mistakes only.
extension AttributeValues {
    func diagnostics(onLine line: Int, in text: SourceText) -> [Diagnostic] {
        mistakes.map { mistake in
            let column = mistake.offset - text.start(ofLine: line) + 1
            return Diagnostic(line: line, column: column, severity: .error, message: mistake.message)
        }
    }

    func offsetOfID(in text: SourceText) -> Int? {
        firstToken(in: text) { if case .id = $0 { true } else { false } }
    }

    func offset(of word: AttributeTokens.Word, in text: SourceText) -> Int? {
        firstToken(in: text) { $0 == .word(word) }
    }

    /// Of the `after` that holds each of the names.
    func offsetsOfNames(in text: SourceText) -> [Int] {
        tokens(in: text).flatMap { token -> [Int] in
            guard case .value("after", let value) = token.kind else { return [] }
            return Self.names(in: value).filter { !$0.isEmpty }.map { _ in token.offset }
        }
    }

    private func firstToken(in text: SourceText, where isWanted: (AttributeTokens.Token.Kind) -> Bool) -> Int?
    {
        tokens(in: text).first { isWanted($0.kind) }?.offset
    }

    private func tokens(in text: SourceText) -> [AttributeTokens.Token] {
        guard end > offset else { return [] }
        return AttributeTokens.inBraces(offset..<end, text)?.tokens ?? []
    }
}

extension AgentChoice {
    /// `claude` or `claude:opus`; nil when a part is empty or has blanks in it.
    package init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        guard parts.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(where: { $0 <= Byte.space }) }) else {
            return nil
        }
        self.init(name: parts[0], model: parts.count == 2 ? parts[1] : nil)
    }
}
