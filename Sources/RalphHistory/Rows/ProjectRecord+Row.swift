internal import GRDB
internal import RalphCore

extension ProjectRecord: StoredRow {
    static let shape = RowShape(
        table: "project",
        columns: [
            "id", "name", "repository", "prd_path", "target", "target_tip", "state", "reason", "until",
            "is_paused",
            "hold_kind", "hold_message", "hold_since", "hold_tries", "hold_next_probe", "prd_problems",
            "prd_read_at", "checks_note", "daemon_pid", "started_at",
        ]
    )

    func write(to row: inout RowWriter) {
        row.add(1)
        row.add(name)
        row.add(repository)
        row.add(prdPath)
        row.add(target)
        row.add(targetTip)
        row.add(state)
        row.add(reason)
        row.add(until)
        row.add(isPaused)
        row.add(hold?.kind)
        row.add(hold?.message)
        row.add(hold?.since)
        row.add(hold?.tries)
        row.add(hold?.nextProbe)
        row.nest(prdProblems)
        row.add(prdReadAt)
        row.add(checksNote)
        row.add(daemonPID)
        row.add(startedAt)
    }

    init(_ row: inout RowReader) throws {
        _ = try row.next(Int.self)
        self.init(name: try row.next(), repository: try row.next(), prdPath: try row.next())
        target = try row.next()
        targetTip = try row.optionalObjectID()
        state = try row.word()
        reason = try row.next()
        until = try row.optionalDate()
        isPaused = try row.next()
        hold = try Hold?(&row)
        prdProblems = try row.nested() ?? []
        prdReadAt = try row.optionalDate()
        checksNote = try row.next()
        daemonPID = try row.next()
        startedAt = try row.optionalDate()
    }
}

extension Hold? {
    fileprivate init(_ row: inout RowReader) throws {
        let kind = try row.optionalWord(Hold.Kind.self)
        let message = try row.next(String?.self)
        let since = try row.optionalDate()
        let tries = try row.next(Int?.self)
        let nextProbe = try row.optionalDate()
        guard let kind, let message, let since, let tries, let nextProbe else {
            self = nil
            return
        }
        self = Hold(kind: kind, message: message, since: since, tries: tries, nextProbe: nextProbe)
    }
}

extension AgentRecord: StoredRow {
    static let shape = RowShape(table: "agent", columns: ["name", "state", "until", "message", "refusals"])

    func write(to row: inout RowWriter) {
        row.add(name)
        row.add(state)
        row.add(until)
        row.add(message)
        row.add(refusals)
    }

    init(_ row: inout RowReader) throws {
        self.init(
            name: try row.next(),
            state: try row.word(),
            until: try row.optionalDate(),
            message: try row.next(),
            refusals: try row.next()
        )
    }
}
