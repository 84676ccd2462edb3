import RalphCore

import struct Foundation.Date

/// Reads `claude -p --output-format stream-json`.
struct ClaudeDecoder: FrameDecoder {
    /// For messages: other programs speak this stream too.
    private let agent: String
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: ClaudeResult?
    private var refusal: Refusal?
    private var retry: Retry?
    private var synthetic: ClaudeError?
    private var isPlan = false
    private var running = RunningUsage()

    /// A usage limit that was announced in so many words.
    private struct Refusal {
        var resetsAt: Double?
        var model: String?
    }

    /// The CLI is waiting to ask the provider again.
    private struct Retry {
        var attempt: Int
        var error: ClaudeError

        /// "claude was waiting to ask again: rate_limit 429".
        func words(_ agent: String) -> String {
            if error.kind == .auth { return "the provider refuses \(agent)'s login: \(error.summary)" }
            return "\(agent) was waiting to ask the provider again: \(error.summary)"
        }
    }

    /// A bad key is refused ten times with doubling delays; one refusal can be a token that is just being renewed.
    private static let authAttempts = 3

    init(agent: String = "claude") { self.agent = agent }

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        switch frame["type"].string {
        case "system": return handle(system: frame)
        case "assistant": handle(assistant: frame)
        case "rate_limit_event": handle(limit: frame["rate_limit_info"])
        case "result":
            handle(result: frame)
            return true
        default: break
        }
        return false
    }

    private mutating func handle(system frame: JSONValue) -> Bool {
        if frame["subtype"].string == "api_retry" {
            retry = Retry(attempt: frame["attempt"].count, error: ClaudeError(frame))
            return retry.map { $0.error.kind == .auth && $0.attempt >= Self.authAttempts } ?? false
        }
        if frame["subtype"].string == "init" {
            ClaudeFrames.note(frame, in: &draft)
            isPlan = frame["apiKeySource"].string == "none"
        }
        return false
    }

    private mutating func handle(assistant frame: JSONValue) {
        retry = nil
        if frame["message"]["model"].string == "<synthetic>" || !frame["error"].isNull {
            synthetic = ClaudeError(frame)
            return
        }
        // The model answers: whatever was refused before has been overcome.
        (synthetic, refusal) = (nil, nil)
        ClaudeFrames.note(frame, in: &draft)
        running.add(frame["message"])
        draft.tokens = running.sum
    }

    private mutating func handle(limit info: JSONValue) {
        let isStop =
            info["status"].string == "rejected" && info["isUsingOverage"].bool != true
            && info["overageStatus"].string?.hasPrefix("allowed") != true
        guard isStop else { return }
        let type = info["rateLimitType"].string ?? ""
        // `seven_day_opus` is one model's; the others are everyone's.
        let model = ["opus", "sonnet", "haiku", "fable"].first { type.hasSuffix("_" + $0) }
        refusal = Refusal(resetsAt: info["resetsAt"].double, model: model)
    }

    private mutating func handle(result frame: JSONValue) {
        let result = ClaudeResult(frame)
        if let session = frame["session_id"].text { draft.sessionID = session }
        draft.turns = frame["num_turns"].int ?? draft.turns
        draft.tokens = result.tokens ?? draft.tokens
        if let usd = frame["total_cost_usd"].usd, usd > 0 || result.tokens != nil {
            draft.cost = isPlan ? .plan(usd) : .quoted(usd)
        }
        draft.model = draft.model ?? result.mainModel
        if !result.isError { draft.finalText = result.text ?? draft.finalText }
        self.result = result
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        if let result { return verdict(of: result, at: end) }
        if let refusal { return verdict(of: refusal, text: "", at: end) }
        // A retry without a status is one without an answer: the network.
        if let retry, case let kind = retry.error.kind ?? .unavailable, kind != .auth || retry.attempt > 1 {
            return kind.verdict(retry.words(agent), at: end)
        }
        return ErrorProse.verdict(onPlainWordsOf: end, rules: ClaudeError.rules)
            ?? end.unclassified("\(agent) ended without a result")
    }

    private func verdict(of result: ClaudeResult, at end: RunEnd) -> AgentReport.Verdict {
        guard result.isError else { return success(result, at: end) }
        if let kind = result.stop { return kind.verdict("", at: end) }
        if let refusal { return verdict(of: refusal, text: result.text ?? "", at: end) }
        let error = result.error.filled(from: synthetic)
        return error.kind?.verdict(error.text, at: end) ?? .failed(PlainText.short(error.summary))
    }

    private func verdict(of refusal: Refusal, text: String, at end: RunEnd) -> AgentReport.Verdict {
        let reset = refusal.resetsAt.flatMap { ResetTime.at(epoch: $0, now: end.now) }
        return ErrorKind.limit.verdict(text, at: end, reset: reset, model: refusal.model)
    }

    /// A success that no model took part in is none: providers' errors have come with `is_error: false` and exit 0.
    private func success(_ result: ClaudeResult, at end: RunEnd) -> AgentReport.Verdict {
        guard let tokens = result.tokens, tokens.total == 0, draft.toolCalls == 0 else { return .finished }
        guard let text = result.text else { return success(of: agent) }
        let kind = ErrorProse.kind(of: text, rules: ClaudeError.rules)
        return kind?.verdict(text, at: end)
            ?? .failed(PlainText.short("\(agent) said success, but no model answered: \(text)"))
    }
}
