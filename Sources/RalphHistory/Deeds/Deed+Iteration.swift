internal import GRDB
internal import RalphCore

extension Deed {
    mutating func begin(_ start: IterationStart) throws -> IterationRecord {
        let sql = "SELECT coalesce(max(ordinal), 0) + 1 FROM iteration WHERE item = ?"
        let ordinal = try Int.fetchOne(db.cachedStatement(sql: sql), arguments: [start.item.rawValue]) ?? 1
        var iteration = IterationRecord(
            id: IterationID(0),
            uuid: start.uuid,
            item: start.item,
            ordinal: ordinal,
            agent: start.agent,
            startedAt: now,
            target: start.target,
            base: start.base,
            logDirectory: ""
        )
        iteration.reserved = start.reserved
        iteration.id = IterationID(try iteration.insertNew(db))
        iteration.logDirectory = "logs/\(iteration.id)"
        try db.execute(
            sql: "UPDATE iteration SET log_directory = ? WHERE id = ?",
            arguments: [iteration.logDirectory, iteration.id.rawValue]
        )
        try db.execute(
            sql: "UPDATE item SET iterations = ? WHERE id = ?",
            arguments: [ordinal, start.item.rawValue]
        )
        try tell(
            .iterationStarted,
            item: start.item,
            iteration: iteration.id,
            ["agent": start.agent.description, "ordinal": String(ordinal)]
        )
        return iteration
    }

    mutating func save(iteration: IterationRecord) throws {
        var iteration = iteration
        if iteration.outcome != nil { iteration.endedAt = iteration.endedAt ?? now }
        let sql = "SELECT stage, outcome FROM iteration WHERE id = ?"
        let before = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [iteration.id.rawValue])
        let (stage, outcome): (String?, String?) = (before?[0], before?[1])
        try assertFound(iteration.update(db), "iteration \(iteration.id)")
        if stage != iteration.stage.rawValue {
            try tell(
                .stageChanged,
                item: iteration.item,
                iteration: iteration.id,
                ["stage": iteration.stage.rawValue]
            )
        }
        if let ended = iteration.outcome, ended.rawValue != outcome {
            try tell(
                .iterationEnded,
                item: iteration.item,
                iteration: iteration.id,
                ["outcome": ended.rawValue, "commit": iteration.commit?.rawValue]
            )
        }
    }

    mutating func add(checks: [CheckResult], for iteration: IterationID, subject: CheckSubject) throws {
        for check in checks {
            let row = CheckRow(iteration: iteration, subject: subject, result: check, endedAt: now)
            _ = try row.insertNew(db)
            try tell(
                .checkFinished,
                iteration: iteration,
                ["name": check.name, "verdict": check.verdict.rawValue, "subject": subject.rawValue]
            )
        }
    }

    mutating func finish(_ end: IterationEnd) throws -> QuestionRecord? {
        let (item, iteration) = (end.iteration.item, end.iteration.id)
        guard end.iteration.outcome != nil else {
            throw Failure(.internalError, "iteration \(iteration) has no outcome yet and cannot be finished")
        }
        try closeLanding(of: iteration, commit: end.iteration.commit)
        try save(iteration: end.iteration)
        try save(items: end.items)
        try save(agents: end.agents)
        if let project = end.project { try save(project: project) }
        if let text = end.learning { try learn(text, item: item, iteration: iteration) }
        return try end.question.map { try ask($0, item: item, iteration: iteration) }
    }
}
