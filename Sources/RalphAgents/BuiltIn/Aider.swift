import Foundation
import RalphCore
import SystemPackage

extension AgentCLI {
    /// aider. It takes no prompt on standard input and prints text for people.
    static let aider = AgentCLI(
        name: "aider",
        program: "aider",
        stateVariables: ["AIDER_MODEL", "AIDER_WEAK_MODEL", "OLLAMA_API_BASE"],
        credentialVariables: [
            "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_API_BASE", "GEMINI_API_KEY", "OPENROUTER_API_KEY",
            "DEEPSEEK_API_KEY", "GROQ_API_KEY",
        ],
        login: AgentLogin("a provider's key, named in env: or given under credentials:"),
        delivery: .file,
        telling: .cost,
        arguments: { invocation in
            [
                "--message-file", invocation.promptFile.string, "--yes-always", "--no-pretty", "--no-stream",
                "--no-fancy-input", "--no-check-update", "--no-show-release-notes",
                "--no-show-model-warnings",
                "--analytics-disable", "--no-detect-urls", "--no-suggest-shell-commands", "--no-gitignore",
                "--no-restore-chat-history", "--chat-history-file", "/dev/null", "--input-history-file",
                "/dev/null",
                "--no-auto-commits",
            ] + (invocation.model.map { ["--model", $0] } ?? [])
        },
        decoder: { AiderDecoder() },
        rendering: nil
    )
}

/// Reads aider's text. Its exit code is 0 even when every call failed, so its own sentences decide, and the last one of
/// them wins: each answer of the model is followed by a line of tokens.
struct AiderDecoder: AgentDecoder {
    private var draft = AgentReport.draft
    private var error: (kind: ErrorKind, text: String)?
    private var tail = OutputTail()
    private var tokens: TokenUsage?

    var spending: Spending { Spending(tokens: tokens, cost: draft.cost, model: draft.model) }

    mutating func read(line bytes: [UInt8], isCut: Bool) -> Bool {
        if isCut { draft.oddLines += 1 }
        let line = PlainText.inert(String(decoding: bytes.prefix(JSONReader.stringLimit), as: UTF8.self))
        if line.hasPrefix("Main model: ") {
            draft.model = line.dropFirst("Main model: ".count).split(separator: " ").first.map(String.init)
        } else if line.hasPrefix("Tokens: ") {
            note(tokens: line)
        } else if line.hasPrefix("Cost: ") {
            note(cost: line)
        } else if line.hasPrefix("Applied edit to ") {
            draft.toolCalls += 1
            draft.noteTool("edit", String(line.dropFirst("Applied edit to ".count)))
            error = nil
        } else if let kind = Self.kind(of: line) {
            error = (kind, line)
        }
        tail.append(bytes)
        return false
    }

    /// "Tokens: 12k sent, 2k cache write, 10k cache hit, 1.1k received. Cost: $0.02 message, $0.10 session."
    private mutating func note(tokens line: String) {
        error = nil
        var more = TokenUsage()
        for part in line.dropFirst("Tokens: ".count).split(whereSeparator: { $0 == "," }) {
            let words = part.split(separator: " ")
            guard let count = words.first.flatMap(Self.count), words.count > 1 else { continue }
            switch words[1].prefix(4) {
            case "sent": more.input = count
            case "rece": more.output = count
            case "cach":
                words.last?.hasPrefix("hit") == true ? (more.cacheRead = count) : (more.cacheWrite = count)
            default: break
            }
        }
        more.input = max(0, more.input - more.cacheRead - more.cacheWrite)
        var sum = tokens ?? TokenUsage()
        sum += more
        tokens = sum
        draft.turns = (draft.turns ?? 0) + 1
        note(cost: line)
    }

    /// The session's figure, which already is a sum.
    private mutating func note(cost line: String) {
        guard let end = line.range(of: " session")?.lowerBound else { return }
        let figure = line[..<end].split(separator: " ").last?.dropFirst()
        if let usd = figure.flatMap({ Double($0) }), (0...JSONValue.mostUSD).contains(usd) {
            draft.cost = .quoted(usd)
        }
    }

    /// "2.6k", "1.2M", "340".
    private static func count(_ word: Substring) -> Int? {
        let scale = word.hasSuffix("k") ? 1e3 : word.hasSuffix("M") ? 1e6 : 1
        guard let value = Double(scale == 1 ? word : word.dropLast()), (0...1e9).contains(value) else {
            return nil
        }
        return Int((value * scale).rounded())
    }

    mutating func report(
        ending: AgentEnding,
        standardError: String,
        now: Date,
        zone: TimeZone
    ) -> AgentReport {
        var report = draft
        report.tokens = tokens
        report.finalText = tail.text
        let end = RunEnd(ending: ending, standardError: standardError, now: now, zone: zone)
        report.verdict =
            switch ending {
            case .couldNotStart(let reason): .missing(reason)
            case _ where error != nil: error?.kind.verdict(error?.text ?? "", at: end) ?? .finished
            case .exited(0): .finished
            default: ErrorProse.verdict(onPlainWordsOf: end) ?? end.unclassified("aider failed")
            }
        return report
    }

    private static let sentences: [(start: String, kind: ErrorKind)] = [
        ("The API provider has rate limited you.", .limit),
        ("The API provider is not able to authenticate you.", .auth),
        ("The API provider's servers are down or overloaded.", .unavailable),
        ("The API provider has encountered an unexpected error", .unavailable),
        ("Insufficient credits with the API provider.", .billing),
        ("The request was too large for the model", .context),
    ]

    private static func kind(of line: String) -> ErrorKind? {
        if line.hasPrefix("Model "), line.hasSuffix(" has hit a token limit!") { return .context }
        return sentences.first { line.hasPrefix($0.start) }?.kind
    }
}
