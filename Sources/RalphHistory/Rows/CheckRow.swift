internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

/// One run of a check, with the iteration that it belongs to.
struct CheckRow: StoredRow {
    var iteration: IterationID
    var subject: CheckSubject
    var result: CheckResult
    var endedAt: Date

    static var table: String { "check_run" }

    static var columns: [String] {
        [
            "id", "iteration", "subject", "name", "verdict", "exit_code", "duration_ms", "summary", "head",
            "tail",
            "line_count", "ended_at",
        ]
    }

    var values: [(any DatabaseValueConvertible)?] {
        [
            nil, iteration.rawValue, subject.rawValue, result.name, result.verdict.rawValue, result.exitCode,
            result.duration.milliseconds, result.summary, result.head, result.tail, result.lineCount,
            endedAt.milliseconds,
        ]
    }
}

extension CheckRow {
    init(_ row: inout RowReader) throws {
        _ = try row.next(Int64.self)
        iteration = IterationID(try row.next())
        subject = try row.word()
        result = CheckResult(
            name: try row.next(),
            verdict: try row.word(),
            exitCode: try row.next(),
            duration: .milliseconds(try row.next(Int64.self)),
            summary: try row.next(),
            head: try row.next(),
            tail: try row.next(),
            lineCount: try row.next()
        )
        endedAt = try row.date()
    }
}
