internal import GRDB
internal import RalphCore

internal import struct Foundation.Data

extension Deed {
    mutating func open(landing: LandingIntent) throws {
        let holder = try Int64.fetchOne(
            db,
            sql: "SELECT iteration FROM landing WHERE target = ? AND closed_at IS NULL",
            arguments: [landing.target]
        )
        if let holder {
            throw Failure(
                .conflict,
                "a landing of iteration \(holder) on \(landing.target) is open: recover or close it first"
            )
        }
        try db.execute(
            sql: """
                INSERT INTO landing (iteration, uuid, target, expected_tip, candidate, tick, worktree,
                    git_directory, prd_path, opened_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                landing.iteration.rawValue, landing.uuid, landing.target, landing.expectedTip.rawValue,
                landing.candidate.rawValue, landing.tick.rawValue, landing.worktree,
                landing.gitDirectory, landing.prdPath.map { Data($0) }, now.milliseconds,
            ]
        )
        let id = db.lastInsertedRowID
        let insertion = try db.cachedStatement(sql: "INSERT INTO landing_path VALUES (?, ?, ?, ?, ?)")
        for path in landing.paths { try insertion.execute(arguments: PathRow.values(path, landing: id)) }
        try tell(
            .landingOpened,
            iteration: landing.iteration,
            ["target": landing.target, "candidate": landing.candidate.rawValue]
        )
    }

    /// Ends the open landing of an iteration, if there is one. The stamps of its paths have served their purpose.
    mutating func closeLanding(of iteration: IterationID, commit: ObjectID?) throws {
        let open = try Row.fetchOne(
            db,
            sql: "SELECT id, target FROM landing WHERE iteration = ? AND closed_at IS NULL",
            arguments: [iteration.rawValue]
        )
        guard let open else { return }
        let (id, target): (Int64, String) = (open[0], open[1])
        try db.execute(
            sql: "UPDATE landing SET closed_at = ?, landed_commit = ? WHERE id = ?",
            arguments: [now.milliseconds, commit?.rawValue, id]
        )
        try db.execute(sql: "DELETE FROM landing_path WHERE landing = ?", arguments: [id])
        try tell(.landingClosed, iteration: iteration, ["target": target, "commit": commit?.rawValue])
    }
}
