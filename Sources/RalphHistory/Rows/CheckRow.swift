internal import GRDB
internal import RalphCore

internal import struct Foundation.Date

/// One run of a check, with the iteration that it belongs to.
struct CheckRow: StoredRow {
    var iteration: IterationID
    var subject: CheckSubject
    var result: CheckResult
    var endedAt: Date

    static let shape = RowShape(
        table: "check_run",
        columns: [
            "id", "iteration", "subject", "name", "verdict", "exit_code", "duration_ms", "summary", "head",
            "tail",
            "line_count", "ended_at",
        ]
    )

    func write(to row: inout RowWriter) {
        row.add(nil as Int64?)
        row.add(iteration)
        row.add(subject)
        row.add(result.name)
        row.add(result.verdict)
        row.add(result.exitCode)
        row.add(result.duration.milliseconds)
        row.add(result.summary)
        row.add(result.head)
        row.add(result.tail)
        row.add(result.lineCount)
        row.add(endedAt)
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
