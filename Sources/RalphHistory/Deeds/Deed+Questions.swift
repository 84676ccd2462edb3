internal import GRDB
internal import RalphCore

extension Deed {
    /// Asks anew: an earlier open question of the item is closed, since the newer one stands for what is unclear now.
    mutating func ask(_ text: String, item: ItemID, iteration: IterationID) throws -> QuestionRecord {
        try closeQuestions(of: item)
        var question = QuestionRecord(
            id: QuestionID(0),
            item: item,
            iteration: iteration,
            question: text,
            askedAt: now
        )
        question.id = QuestionID(try question.insertNew(db))
        try tell(.questionAsked, item: item, iteration: iteration, ["question": question.id.description])
        return question
    }

    mutating func answer(_ id: QuestionID, _ text: String) throws -> QuestionRecord {
        guard var question = try QuestionRecord.fetchOne(db, "WHERE id = ?", [id.rawValue]) else {
            throw Failure(.notFound, "no question \(id): ralphctl questions lists the open ones")
        }
        guard question.state == .open else {
            throw Failure(
                .conflict,
                "question \(id) is \(question.state.rawValue): nothing waits for its answer"
            )
        }
        (question.state, question.answer, question.endedAt) = (.answered, text, now)
        try assertFound(question.update(db), "question \(id)")
        try tell(
            .questionAnswered,
            item: question.item,
            iteration: question.iteration,
            ["question": id.description]
        )
        return question
    }

    func closeQuestions(of item: ItemID) throws {
        try db.execute(
            sql: "UPDATE question SET state = 'closed', ended_at = ? WHERE item = ? AND state = 'open'",
            arguments: [now.milliseconds, item.rawValue]
        )
    }

    mutating func learn(_ text: String, item: ItemID, iteration: IterationID) throws {
        _ = try LearningRecord(item: item, iteration: iteration, text: text, at: now).insertNew(db)
        try tell(.learned, item: item, iteration: iteration)
    }
}
