import Foundation
import RalphCore
import Synchronization
import Testing

@testable import RalphHistory

@Suite("old output is let go, what was done is not", .timeLimit(.minutes(5)))
struct PruningTests {
    private let state = TemporaryState()

    @Test("events, receipts and output from before an instant go; rows, verdicts and younger ones stay")
    func pruning() throws {
        let clock = Mutex(Date.fixed)
        let history = try SQLiteHistory.open(directory: state.directory) { clock.withLock { $0 } }
        let (_, iteration) = try history.beginSample()
        try history.add(checks: [.sample], for: iteration.id, subject: .candidate)
        try history.saveReceipt(tree: ObjectID("old"), checksHash: "h", results: [.sample])
        clock.withLock { $0 += 3600 }
        let last = try history.lastEvent()
        try history.add(checks: [.sample], for: iteration.id, subject: .base)
        try history.saveReceipt(tree: ObjectID("new"), checksHash: "h", results: [.sample])
        #expect(try !history.prune(before: .fixed + 60))
        #expect(try history.events(after: EventID(0), limit: 100).map(\.id) == [EventID(last.rawValue + 1)])
        #expect(try history.receipt(tree: ObjectID("old"), checksHash: "h") == nil)
        #expect(try history.receipt(tree: ObjectID("new"), checksHash: "h") == [.sample])
        #expect(try history.checks(of: iteration.id).map(\.verdict) == [.failed])
        #expect(try history.checks(of: iteration.id).map(\.tail) == [""])
        #expect(try history.checks(of: iteration.id, subject: .base) == [.sample])
        #expect(try history.iteration(iteration.id) != nil)
        #expect(try history.reader.integrityProblems().isEmpty)
    }

    @Test("event numbers go on after all events were pruned")
    func numbers() throws {
        let history = try state.open()
        _ = try history.addItem()
        let last = try history.lastEvent()
        #expect(try !history.prune(before: .fixed + 60))
        #expect(try history.events(after: EventID(0), limit: 10).isEmpty)
        #expect(try history.lastEvent() == last)
        _ = try history.addItem("two", position: 1)
        #expect(try history.lastEvent() > last)
    }

    @Test("a long past goes in batches")
    func batches() throws {
        let history = try state.open()
        try history.perform { deed in for _ in 0..<5_001 { try deed.tell(.note) } }
        #expect(try history.prune(before: .fixed + 60))
        #expect(try !history.prune(before: .fixed + 60))
        #expect(try history.events(after: EventID(0), limit: 10).isEmpty)
    }
}
