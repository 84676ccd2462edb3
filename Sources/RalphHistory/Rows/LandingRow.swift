internal import GRDB
internal import RalphCore

internal import struct Foundation.Data

/// Reads landing intents back, each with the stamps of its paths.
enum LandingRow {
    static func fetchOpen(_ db: Database) throws -> [LandingIntent] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, iteration, uuid, target, expected_tip, candidate, tick, worktree, git_directory,
                    prd_path
                FROM landing WHERE closed_at IS NULL ORDER BY id
                """
        )
        return try rows.map { row in
            var reader = RowReader(row: row, table: "landing")
            let id: Int64 = try reader.next()
            return LandingIntent(
                iteration: IterationID(try reader.next()),
                uuid: try reader.next(),
                target: try reader.next(),
                expectedTip: try reader.objectID(),
                candidate: try reader.objectID(),
                tick: try reader.word(),
                worktree: try reader.next(),
                gitDirectory: try reader.next(),
                prdPath: try reader.next(Data?.self).map { [UInt8]($0) },
                paths: try PathRow.fetch(db, landing: id)
            )
        }
    }
}

/// One path that a landing is about to change. Paths are bytes: git's need not be UTF-8.
enum PathRow {
    static func values(_ path: PathStamp, landing: Int64) -> StatementArguments {
        [
            landing, Data(path.path), path.inode.map { Int64(bitPattern: $0) }, path.changeTimeNanoseconds,
            path.size,
        ]
    }

    static func fetch(_ db: Database, landing: Int64) throws -> [PathStamp] {
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT path, inode, change_time_ns, size FROM landing_path WHERE landing = ? ORDER BY rowid",
            arguments: [landing]
        )
        return try rows.map { row in
            var reader = RowReader(row: row, table: "landing_path")
            return PathStamp(
                path: [UInt8](try reader.next(Data.self)),
                inode: try reader.next(Int64?.self).map { UInt64(bitPattern: $0) },
                changeTimeNanoseconds: try reader.next(),
                size: try reader.next()
            )
        }
    }
}
