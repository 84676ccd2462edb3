package import struct Foundation.Date

/// What one run of an agent CLI came to, read from its stream, its standard error and its exit (DESIGN.md §7).
package struct AgentReport: Equatable, Sendable {
    /// How the agent's own turn ended. Only `finished` goes on to the snapshot as work that claims to be complete.
    package enum Verdict: Equatable, Sendable {
        case finished
        /// Non-zero exit or error result that nothing classifies; the text is what the CLI said.
        case failed(String)
        case turnsExhausted
        case contextOverflow
        case budgetExhausted
        /// A usage limit: of one model where the CLI names it, else of the agent. `reset` is nil when none was stated; `said`
        /// is the provider's own sentence, shortened, where there is one.
        case rateLimited(reset: Date?, model: String?, said: String? = nil)
        case unavailable(String)
        case authFailed(String)
        case billing(String)
        case missing(String)
    }

    package var verdict: Verdict
    package var finalText: String?
    package var sessionID: String?
    package var model: String?
    package var turns: Int?
    package var tokens: TokenUsage?
    package var cost: Cost = .unknown
    package var toolCalls: Int = 0
    /// The last tool call, for "was stopped while running …".
    package var lastTool: String?
    /// Lines that were not understood: not JSON, cut, or longer than the bound.
    package var oddLines: Int = 0

    package init(verdict: Verdict) { self.verdict = verdict }
}

/// Tokens by class; the classes do not overlap.
package struct TokenUsage: Equatable, Codable, Sendable {
    package var input: Int
    package var output: Int
    package var cacheRead: Int
    package var cacheWrite: Int

    package init(input: Int = 0, output: Int = 0, cacheRead: Int = 0, cacheWrite: Int = 0) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }

    /// Of all classes; what is no count counts as nothing, and what cannot be summed as very much.
    package var total: Int {
        [input, output, cacheRead, cacheWrite].reduce(0) { sum, count in
            let (next, isOver) = sum.addingReportingOverflow(max(0, count))
            return isOver ? .max : next
        }
    }

    /// Whether what was read is counted too: no run reads nothing.
    package var isWhole: Bool { input > 0 || cacheRead > 0 || cacheWrite > 0 }

    package func adding(_ other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: input &+ other.input,
            output: output &+ other.output,
            cacheRead: cacheRead &+ other.cacheRead,
            cacheWrite: cacheWrite &+ other.cacheWrite
        )
    }
}

/// What an iteration cost in USD, and how that is known. Unknown is never shown as 0.
package enum Cost: Equatable, Sendable {
    /// The CLI said so.
    case quoted(Double)
    /// The CLI said so, but a subscription pays: the figure is notional.
    case plan(Double)
    /// From tokens and `prices:`.
    case derived(Double)
    case unknown

    /// `cost_kind` in the history and in JSON.
    package var kind: String {
        switch self {
        case .quoted: "quoted"
        case .plan: "plan"
        case .derived: "derived"
        case .unknown: "unknown"
        }
    }

    package var usd: Double? {
        switch self {
        case .quoted(let usd), .plan(let usd), .derived(let usd): usd
        case .unknown: nil
        }
    }

    /// What is known of both; as sure as the less sure one.
    func adding(_ other: Cost) -> Cost {
        guard let others = other.usd else { return self }
        guard let mine = usd else { return other }
        let sum = mine + others
        return switch (self, other) {
        case (.plan, .plan): .plan(sum)
        case (.derived, _), (_, .derived): .derived(sum)
        default: .quoted(sum)
        }
    }
}

/// How a check ended.
package enum CheckVerdict: String, CaseIterable, Codable, Sendable {
    case passed, failed
    /// Passed, but only on a retry.
    case flaky
    /// Could not start.
    case broken

    package var isGreen: Bool { self == .passed || self == .flaky }
}

/// Which tree a check ran on.
package enum CheckSubject: String, Codable, Sendable { case base, candidate }

/// One run of one check.
package struct CheckResult: Equatable, Codable, Sendable {
    package var name: String
    package var verdict: CheckVerdict
    /// Nil when a signal or a deadline ended it.
    package var exitCode: Int32?
    package var duration: Duration
    /// "exit 2", "no result after 5m", "cannot start: sh: mkae: not found".
    package var summary: String
    /// The last 200 lines, ANSI stripped.
    package var tail: String
    /// The first lines, for both ends in the prompt.
    package var head: String
    package var lineCount: Int
    /// What failed, each by name with what explains it (`FailureScanner`): from the whole output, of which `head` and `tail`
    /// may not show it.
    package var failures: [String]

    package init(
        name: String,
        verdict: CheckVerdict,
        exitCode: Int32?,
        duration: Duration,
        summary: String,
        head: String = "",
        tail: String = "",
        lineCount: Int = 0,
        failures: [String] = []
    ) {
        self.name = name
        self.verdict = verdict
        self.exitCode = exitCode
        self.duration = duration
        self.summary = summary
        self.head = head
        self.tail = tail
        self.lineCount = lineCount
        self.failures = failures
    }

    /// What a row of an earlier version does not say has its default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        verdict = try values.decode(CheckVerdict.self, forKey: .verdict)
        exitCode = try values.decodeIfPresent(Int32.self, forKey: .exitCode)
        duration = try values.decode(Duration.self, forKey: .duration)
        summary = try values.decode(String.self, forKey: .summary)
        tail = try values.decode(String.self, forKey: .tail)
        head = try values.decode(String.self, forKey: .head)
        lineCount = try values.decode(Int.self, forKey: .lineCount)
        failures = try values.decodeIfPresent([String].self, forKey: .failures) ?? []
    }
}
