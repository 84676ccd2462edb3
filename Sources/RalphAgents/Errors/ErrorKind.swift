import RalphCore

import struct Foundation.Date

/// What an error of a provider is about, before its text is searched for a time or a model.
enum ErrorKind: Equatable, Sendable {
    case limit, unavailable, auth, billing, context, turns, budget
    /// Understood, and nobody's but the run's own: wrong model name, missing permission.
    case other

    /// Nil for a status that says nothing by itself.
    init?(status: Int) {
        switch status {
        case 401, 403: self = .auth
        case 402: self = .billing
        case 413: self = .context
        case 429: self = .limit
        case 408, 425, 500...599: self = .unavailable
        default: return nil
        }
    }

    /// The verdict for an error of this kind; what `text` says of a reset or a model is read from it unless given.
    func verdict(
        _ text: String,
        at end: RunEnd,
        reset: Date? = nil,
        model: String? = nil
    ) -> AgentReport.Verdict {
        let message = PlainText.short(text)
        switch self {
        case .limit:
            let stated = reset ?? ResetTime.parse(text, now: end.now, zone: end.zone)
            return .rateLimited(
                reset: stated,
                model: model ?? LimitedModel.name(in: text),
                said: message.isEmpty ? nil : message
            )
        case .unavailable: return .unavailable(message)
        case .auth: return .authFailed(message)
        case .billing: return .billing(message)
        case .context: return .contextOverflow
        case .turns: return .turnsExhausted
        case .budget: return .budgetExhausted
        case .other: return .failed(message)
        }
    }
}

/// The model that a usage limit names, when it names one.
enum LimitedModel {
    /// `fable` for "You've reached your Fable limit"; nil for a session, weekly or plain limit.
    static func name(in text: String) -> String? {
        let text = ErrorProse.normalised(text)
        if let tail = text.range(of: "usage limit for ").map({ text[$0.upperBound...] }) {
            let name = tail.prefix { $0 != " " && $0 != "," }
            return String(name.hasSuffix(".") ? name.dropLast() : name)
        }
        for start in ["you've hit your ", "you've reached your "] where text.hasPrefix(start) {
            let rest = text.dropFirst(start.count)
            guard let end = rest.range(of: " limit")?.lowerBound else { return nil }
            let words = rest[..<end].split(separator: " ")
            // A name is short, and none of the words for a window of time or money: "Opus", "Fable 5", "Opus weekly".
            guard (1...3).contains(words.count) else { return nil }
            return words.last { !windows.contains(String($0)) && $0.first?.isNumber == false }.map(
                String.init
            )
        }
        return nil
    }

    private static let windows: Set<String> = [
        "session", "weekly", "daily", "monthly", "hourly", "usage", "rate", "plan", "spend", "spending",
        "account",
        "org", "organization", "api", "token", "request", "free", "extra", "team", "included",
    ]
}
