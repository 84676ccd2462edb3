internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

extension IterationRecord: StoredRow {
    static let shape = RowShape(
        table: "iteration",
        columns: [
            "id", "uuid", "item", "ordinal", "agent", "model_requested", "model", "stage", "outcome",
            "is_strike",
            "started_at", "ended_at", "exit_code", "signal", "session_id", "turns", "tool_calls",
            "tokens_input",
            "tokens_output", "tokens_cache_read", "tokens_cache_write", "cost_usd", "cost_kind",
            "limit_reset",
            "target", "base", "tree", "candidate", "landed_commit",
        ] + KeptWork.columns + [
            "signature", "error", "summary", "log_directory", "process_id", "process_start", "reserved_usd",
            "reserved_tokens", "assumed_usd", "assumed_tokens", "is_unpriced",
            "charged_at",
        ]
    )

    func write(to row: inout RowWriter) {
        row.add(id)
        row.add(uuid)
        row.add(item)
        row.add(ordinal)
        row.add(agent)
        row.add(modelRequested)
        row.add(model)
        row.add(stage)
        row.add(outcome)
        row.add(isStrike)
        row.add(startedAt)
        row.add(endedAt)
        row.add(exitCode)
        row.add(signal)
        row.add(sessionID)
        row.add(turns)
        row.add(toolCalls)
        row.add(tokens?.input.bounded)
        row.add(tokens?.output.bounded)
        row.add(tokens?.cacheRead.bounded)
        row.add(tokens?.cacheWrite.bounded)
        row.add(cost.bounded.usd)
        row.add(cost.bounded.kind)
        row.add(limitReset)
        row.add(target)
        row.add(base)
        row.add(tree)
        row.add(candidate)
        row.add(commit)
        row.add(kept)
        row.add(signature)
        row.add(error)
        row.add(summary)
        row.add(logDirectory)
        row.add(processID)
        row.add(processStart.map { Int64(bitPattern: $0) })
        for ceiling in [reserved, assumed] {
            row.add(ceiling.usd)
            row.add(ceiling.tokens)
        }
        row.add(isUnpriced)
        row.add(chargedAt)
    }

    init(_ row: inout RowReader) throws {
        let id = IterationID(try row.next())
        let (uuid, item, ordinal) = (
            try row.next(String.self), ItemID(try row.next()), try row.next(Int.self)
        )
        let agent = AgentChoice(name: try row.next(), model: try row.next())
        self.init(
            id: id,
            uuid: uuid,
            item: item,
            ordinal: ordinal,
            agent: agent,
            startedAt: Date(milliseconds: 0),
            target: "",
            base: ObjectID(""),
            logDirectory: ""
        )
        model = try row.next()
        stage = try row.word()
        outcome = try row.optionalWord()
        isStrike = try row.next()
        startedAt = try row.date()
        endedAt = try row.optionalDate()
        (exitCode, signal, sessionID) = (try row.next(), try row.next(), try row.next())
        (turns, toolCalls) = (try row.next(), try row.next())
        tokens = try TokenUsage?(&row)
        cost = try Cost(&row)
        limitReset = try row.optionalDate()
        target = try row.next()
        base = try row.objectID()
        (tree, candidate) = (try row.optionalObjectID(), try row.optionalObjectID())
        commit = try row.optionalObjectID()
        kept = try row.keptWork()
        (signature, error, summary) = (try row.next(), try row.next(), try row.next())
        logDirectory = try row.next()
        processID = try row.next()
        processStart = try row.next(Int64?.self).map { UInt64(bitPattern: $0) }
        reserved = Ceiling(usd: try row.next(), tokens: try row.next())
        assumed = Ceiling(usd: try row.next(), tokens: try row.next())
        isUnpriced = try row.next()
        chargedAt = try row.optionalDate()
    }
}

extension TokenUsage? {
    fileprivate init(_ row: inout RowReader) throws {
        let (input, output) = (try row.next(Int?.self), try row.next(Int?.self))
        let (cacheRead, cacheWrite) = (try row.next(Int?.self), try row.next(Int?.self))
        guard let input, let output else {
            self = nil
            return
        }
        self = TokenUsage(
            input: input,
            output: output,
            cacheRead: cacheRead ?? 0,
            cacheWrite: cacheWrite ?? 0
        )
    }
}

extension Cost {
    fileprivate init(_ row: inout RowReader) throws {
        let usd = try row.next(Double?.self)
        let kind = try row.next(String.self)
        switch (kind, usd) {
        case ("quoted", let usd?): self = .quoted(usd)
        case ("plan", let usd?): self = .plan(usd)
        case ("derived", let usd?): self = .derived(usd)
        default: self = .unknown
        }
    }
}

// Tokens and costs are an agent's word. Sums of them must neither overflow nor become nonsense, or no iteration could
// end any more.

extension Int {
    /// A trillion: more than any iteration can use, and a million of them can still be summed.
    fileprivate var bounded: Int { Swift.min(Swift.max(self, 0), 1_000_000_000_000) }
}

extension Cost {
    fileprivate var bounded: Cost {
        guard let usd, usd.isFinite else { return .unknown }
        let amount = min(max(usd, 0), 1_000_000_000)
        return switch self {
        case .quoted: .quoted(amount)
        case .plan: .plan(amount)
        case .derived: .derived(amount)
        case .unknown: .unknown
        }
    }
}
