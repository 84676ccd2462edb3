import Foundation
import GRDB
import RalphCore
import Testing

@testable import RalphHistory

@Suite("docs/history.md says what is there", .timeLimit(.minutes(5)))
struct DocumentationTests {
    private let state = TemporaryState()

    private static let page: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let page = tests.appendingPathComponent("../../docs/history.md")
        return (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    }()

    private static let queries: [String] = page.components(separatedBy: "```sql\n").dropFirst().map {
        $0.components(separatedBy: "\n```")[0]
    }

    @Test("there are seven examples")
    func count() { #expect(Self.queries.count == 7) }

    @Test("each example answers", arguments: queries)
    func example(query: String) throws {
        let history = try state.open()
        var (item, iteration) = try history.beginSample()
        try history.add(checks: [.sample], for: iteration.id, subject: .candidate)
        iteration.outcome = .checksFailed
        (item.state, item.reason) = (.waiting, "backs off")
        try history.finish(IterationEnd(iteration: iteration, items: [item]))
        let rows = try DatabaseQueue(path: state.file).read { try Row.fetchAll($0, sql: query) }
        #expect(rows.count == 1)
    }

    @Test("each column of the views and each table is named")
    func columns() throws {
        try state.open().close()
        try DatabaseQueue(path: state.file).read { db in
            for view in ["v_items", "v_iterations"] {
                for column in try db.columns(in: view) {
                    #expect(Self.page.contains("`\(column.name)`"), "\(view).\(column.name)")
                }
            }
            let tables = try String.fetchAll(
                db,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            for table in tables { #expect(Self.page.contains("`\(table)`"), "\(table)") }
        }
    }
}
