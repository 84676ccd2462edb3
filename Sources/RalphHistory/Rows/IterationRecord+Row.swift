internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

extension IterationRecord: StoredRow {
    static var table: String { "iteration" }

    static var columns: [String] {
        [
            "id", "uuid", "item", "ordinal", "agent", "model_requested", "model", "stage", "outcome",
            "is_strike",
            "started_at", "ended_at", "exit_code", "signal", "session_id", "turns", "tool_calls",
            "tokens_input",
            "tokens_output", "tokens_cache_read", "tokens_cache_write", "cost_usd", "cost_kind",
            "limit_reset",
            "target", "base", "tree", "candidate", "landed_commit",
        ] + KeptWork?.columnNames + [
            "signature", "error", "summary", "log_directory", "process_id", "process_start",
        ]
    }

    var values: [(any DatabaseValueConvertible)?] {
        var values: [(any DatabaseValueConvertible)?] = [
            id.rawValue, uuid, item.rawValue, ordinal, agent, modelRequested, model, stage.rawValue,
            outcome?.rawValue, isStrike, startedAt.milliseconds, endedAt?.milliseconds, exitCode, signal,
            sessionID,
            turns, toolCalls, tokens?.input, tokens?.output, tokens?.cacheRead, tokens?.cacheWrite, cost.usd,
            cost.kind, limitReset?.milliseconds, target, base.rawValue, tree?.rawValue, candidate?.rawValue,
            commit?.rawValue,
        ]
        values += kept.columnValues
        values += [
            signature, error, summary, logDirectory, processID, processStart.map { Int64(bitPattern: $0) },
        ]
        return values
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
