import RalphCore

/// The terminal frame of Claude's stream.
struct ClaudeResult {
    let isError: Bool
    let text: String?
    /// Nil when the frame does not say.
    let tokens: TokenUsage?
    /// The one that cost most; auxiliary models do small jobs beside it.
    let mainModel: String?
    /// Why the run stopped, where the frame says so and no prose is needed.
    let stop: ErrorKind?
    let error: ClaudeError

    init(_ frame: JSONValue) {
        // `subtype` says "success" on provider errors too.
        let subtype = frame["subtype"].string ?? ""
        isError = frame["is_error"].bool ?? subtype.hasPrefix("error")
        text = frame["result"].text
        let models = frame["modelUsage"].members
        tokens = Self.tokens(models: models, frame: frame)
        mainModel =
            models.max { ($0.value["costUSD"].usd ?? 0, $1.key) < ($1.value["costUSD"].usd ?? 0, $0.key) }?
            .key
        stop = Self.stop(subtype: subtype, reason: frame["terminal_reason"].string)
        var error = ClaudeError(frame)
        if let text { error.text = text }
        if error.text.isEmpty {
            error.text = frame["errors"].array.compactMap(\.text).joined(separator: "; ")
        }
        if error.text.isEmpty { error.text = subtype }
        self.error = error
    }

    /// `modelUsage` counts auxiliary models and, at a budget stop, the last call; `usage` does not.
    private static func tokens(models: [String: JSONValue], frame: JSONValue) -> TokenUsage? {
        if models.isEmpty { return frame["usage"].isObject ? TokenUsage(anthropic: frame["usage"]) : nil }
        var sum = TokenUsage()
        for usage in models.values {
            sum += TokenUsage(
                input: usage["inputTokens"].count,
                output: usage["outputTokens"].count,
                cacheRead: usage["cacheReadInputTokens"].count,
                cacheWrite: usage["cacheCreationInputTokens"].count
            )
        }
        return sum
    }

    private static func stop(subtype: String, reason: String?) -> ErrorKind? {
        switch (subtype, reason) {
        case ("error_max_turns", _), (_, "max_turns"): .turns
        case ("error_max_budget_usd", _), (_, "budget_exhausted"): .budget
        case (_, "prompt_too_long"), (_, "blocking_limit"), (_, "rapid_refill_breaker"): .context
        default: nil
        }
    }
}

/// What Claude's frames say of a provider error: a word, a status, a type and a sentence.
struct ClaudeError {
    var word: String?
    var status: Int?
    var type: String?
    var text = ""

    /// From an `api_retry`, an `assistant` or a `result` frame.
    init(_ frame: JSONValue) {
        word = frame["error"].text
        status = frame["api_error_status"].int ?? frame["error_status"].int
        type = frame["api_error_type"].text
        text = ClaudeFrames.resultText(frame["message"]["content"])
    }

    /// With what the message before the result knew and the result does not repeat.
    func filled(from other: ClaudeError?) -> ClaudeError {
        guard let other else { return self }
        var filled = self
        filled.word = word ?? other.word
        filled.status = status ?? other.status
        filled.type = type ?? other.type
        return filled
    }

    var summary: String {
        text.isEmpty ? [word, status.map(String.init)].compactMap(\.self).joined(separator: " ") : text
    }

    /// Limits of money and other people's limits carry the word and status of a usage limit, so prose decides there.
    var kind: ErrorKind? {
        let prose = text.isEmpty ? nil : ErrorProse.kind(of: text, rules: Self.rules)
        switch word {
        case "billing_error": return .billing
        case "authentication_failed", "oauth_org_not_allowed", "account_on_hold", "verification_required",
            "cloud_credential_error":
            return .auth
        case "rate_limit": return prose ?? .limit
        case "overloaded", "server_error": return .unavailable
        case "model_not_found", "max_output_tokens": return .other
        default: break
        }
        switch type {
        case "authentication_error", "permission_error": return .auth
        case "billing_error": return .billing
        case "rate_limit_error": return prose ?? .limit
        case "overloaded_error", "api_error", "timeout_error": return .unavailable
        default: return prose ?? status.flatMap(ErrorKind.init(status:))
        }
    }

    static let rules: [ErrorProse.Rule] = [
        ("you've hit your * spend limit", .billing),
        ("you're out of usage credits", .billing),
        ("your org is out of usage", .billing),
        ("you're out of extra usage", .limit),
        ("claude ai usage limit reached", .limit),
        ("claude usage limit reached", .limit),
        ("5-hour limit reached", .limit),
        ("weekly limit reached", .limit),
        ("opus weekly limit reached", .limit),
        ("api error: server is temporarily limiting requests", .unavailable),
        ("api error: request rejected (429)", .limit),
        ("api error: stream idle timeout", .unavailable),
        ("api error: connection", .unavailable),
        ("api error: overloaded", .unavailable),
        ("api error: request timed out", .unavailable),
        ("api error: fetch failed", .unavailable),
        ("api error: unable to connect", .unavailable),
        ("api error: *econn", .unavailable),
        ("unable to connect to api", .unavailable),
        ("failed to authenticate", .auth),
        ("not logged in", .auth),
        ("please run /login", .auth),
    ]
}
