package import RalphCore

package import struct Foundation.Date

/// An iteration, as lists show it.
package struct IterationView: Codable, Equatable, Sendable {
    package var id: IterationID
    package var item: ItemID
    /// The item's key at this time.
    package var key: String
    package var ordinal: Int
    package var agent: String
    @OrNull package var model: String?
    /// Nil while it runs.
    @OrNull package var outcome: Outcome?
    package var stage: Stage
    package var isStrike: Bool
    package var startedAt: Date
    @OrNull package var endedAt: Date?
    @OrNull package var durationMS: Int64?
    @OrNull package var exitCode: Int32?
    @OrNull package var tokens: TokensView?
    @OrNull package var costUSD: Double?
    package var costKind: String
    @OrNull package var commit: String?
    /// Of the candidate; those of the base are in the iteration's own page.
    package var checks: [CheckView]
    @OrNull package var error: String?

    package init(_ record: IterationRecord, key: String, checks: [CheckView]) {
        id = record.id
        item = record.item
        self.key = key
        ordinal = record.ordinal
        agent = record.agent
        stage = record.stage
        isStrike = record.isStrike
        startedAt = record.startedAt
        costKind = record.cost.kind
        self.checks = checks
        model = record.model ?? record.modelRequested
        outcome = record.outcome
        endedAt = record.endedAt
        durationMS = record.endedAt.map {
            WireTime.milliseconds($0) - WireTime.milliseconds(record.startedAt)
        }
        exitCode = record.exitCode
        tokens = record.tokens.map(TokensView.init)
        costUSD = record.cost.usd
        commit = record.commit?.rawValue
        error = record.error
    }

    private enum CodingKeys: String, CodingKey {
        case id, item, key, ordinal, agent, model, outcome, stage, tokens, commit, checks, error
        case isStrike = "strike"
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case durationMS = "duration_ms"
        case exitCode = "exit_code"
        case costUSD = "cost_usd"
        case costKind = "cost_kind"
    }
}

/// Tokens by class.
package struct TokensView: Codable, Equatable, Sendable {
    package var input: Int
    package var output: Int
    package var cacheRead: Int
    package var cacheWrite: Int

    package init(_ usage: TokenUsage) {
        input = usage.input
        output = usage.output
        cacheRead = usage.cacheRead
        cacheWrite = usage.cacheWrite
    }

    private enum CodingKeys: String, CodingKey {
        case input, output
        case cacheRead = "cache_read"
        case cacheWrite = "cache_write"
    }
}

/// One check of an iteration, as lists show it.
package struct CheckView: Codable, Equatable, Sendable {
    package var name: String
    package var verdict: CheckVerdict
    @OrNull package var exitCode: Int32?
    package var durationMS: Int64

    package init(_ result: CheckResult) {
        name = result.name
        verdict = result.verdict
        durationMS = Int64(result.duration / .milliseconds(1))
        exitCode = result.exitCode
    }

    private enum CodingKeys: String, CodingKey {
        case name, verdict
        case exitCode = "exit_code"
        case durationMS = "duration_ms"
    }
}

/// An iteration with all that is known of it.
package typealias IterationDetailView = Joined<IterationView, IterationParticulars>

/// What an iteration's own page shows beside the line of the list.
package struct IterationParticulars: Codable, Equatable, Sendable {
    package var uuid: String
    package var title: String
    @OrNull package var modelRequested: String?
    @OrNull package var signal: Int32?
    @OrNull package var sessionID: String?
    @OrNull package var turns: Int?
    @OrNull package var toolCalls: Int?
    @OrNull package var limitReset: Date?
    package var target: String
    package var base: String
    @OrNull package var candidate: String?
    @OrNull package var kept: KeptView?
    /// The agent's own words, shortened.
    @OrNull package var summary: String?
    package var logDirectory: String
    /// What each check said, on the base and on the candidate.
    package var checkRuns: [CheckRunView]

    package init(_ record: IterationRecord, title: String, checkRuns: [CheckRunView]) {
        uuid = record.uuid
        self.title = title
        target = record.target
        base = record.base.rawValue
        logDirectory = record.logDirectory
        self.checkRuns = checkRuns
        modelRequested = record.modelRequested
        signal = record.signal
        sessionID = record.sessionID
        turns = record.turns
        toolCalls = record.toolCalls
        limitReset = record.limitReset
        candidate = record.candidate?.rawValue
        kept = record.kept.map(KeptView.init)
        summary = record.summary
    }

    private enum CodingKeys: String, CodingKey {
        case uuid, title, signal, turns, target, base, candidate, kept, summary
        case modelRequested = "model_requested"
        case sessionID = "session_id"
        case toolCalls = "tool_calls"
        case limitReset = "limit_reset"
        case logDirectory = "log_directory"
        case checkRuns = "check_runs"
    }
}

/// One run of one check with what it said.
package struct CheckRunView: Codable, Equatable, Sendable {
    package var name: String
    /// `base` or `candidate`.
    package var on: CheckSubject
    package var verdict: CheckVerdict
    @OrNull package var exitCode: Int32?
    package var durationMS: Int64
    package var summary: String
    package var tail: String
    package var lines: Int

    package init(_ result: CheckResult, on subject: CheckSubject) {
        name = result.name
        on = subject
        verdict = result.verdict
        durationMS = Int64(result.duration / .milliseconds(1))
        summary = result.summary
        tail = result.tail
        lines = result.lineCount
        exitCode = result.exitCode
    }

    private enum CodingKeys: String, CodingKey {
        case name, on, verdict, summary, tail, lines
        case exitCode = "exit_code"
        case durationMS = "duration_ms"
    }
}
