import Foundation
import Testing

@testable import RalphCore

@Suite("The run machine reads again what it knows")
struct RereadTests {
    @Test("what a new item above only moves is written after that item has been started")
    func moved() {
        let done = ["a", "b"].enumerated().map { index, title in
            item(title) {
                $0.isTicked = true
                $0.line = index + 1
            }
        }
        var run = MachineFixture(done)
        let moved = done.map { item in
            var item = item
            item.line += 1
            return item
        }
        let ids: [ItemID] = [ItemID(3), ItemID(1), ItemID(2)]
        run.send(.read(Reading(present: Array(zip(ids, [item("new") { $0.line = 1 }] + moved)))))
        let deeds = run.log.compactMap { action -> String? in
            switch action {
            case .saveItems(let items): "save \(items.map(\.id))"
            case .start(let id, _, _): "start \(id)"
            case .placeItems(let items): "place \(items.map { "\($0.id)@\($0.position):\($0.item.line)" })"
            default: nil
            }
        }
        #expect(deeds == ["save [3]", "start 3", #"place ["1@1:2", "2@2:3"]"#])
        run.send(.read(Reading(present: Array(zip(ids, [item("new") { $0.line = 1 }] + moved)))))
        #expect(!run.log.contains { if case .placeItems = $0 { true } else { false } })
    }

    @Test("a finished item that is retried is begun afresh, and its agent is told that it landed before")
    func retriedAfterLanding() {
        var run = MachineFixture([item("a")])
        let commit = ObjectID(String(repeating: "a", count: 40))
        let kept = KeptWork(commit: commit, base: commit, filesChanged: 1, insertions: 1, deletions: 0)
        run.end(1, .landed) {
            $0.commit = commit
            $0.kept = kept
        }
        run.send(.steer(.retry(ItemID(1), note: nil, fresh: false)))
        #expect(run.started == [1])
        #expect(run.item(1).kept == nil && run.item(1).lastTry == nil)
        #expect(run.item(1).note == "This landed before, as aaaaaaa; do it again, or better.")
        run.end(1, .landed) { $0.commit = commit }
        run.send(.steer(.retry(ItemID(1), note: "in French", fresh: false)))
        #expect(run.item(1).note == "in French")
    }

    @Test("an item whose text changes while it lands is not done: what landed was work for another text")
    func rewordedWhileLanding() {
        var run = MachineFixture([item("a")]) { $0.stillTime = 0.3 }
        run.send(.read(MachineFixture.reading([item("a") { $0.title = "another text" }])))
        run.end(1, .landed) { $0.commit = ObjectID(String(repeating: "a", count: 40)) }
        #expect(run.item(1).state == .waiting)
        #expect(!run.log.contains { if case .tick = $0 { true } else { false } })
        run.send(.woke, after: 0.4)
        #expect(run.started == [1])
        #expect(run.item(1).note == "What this item said before landed as aaaaaaa; do what it says now.")
        run.send(.read(MachineFixture.reading([item("a")])))
        run.send(.read(MachineFixture.reading([item("a") { $0.title = "another text" }])))
        run.end(1, .landed)
        #expect(run.item(1).state == .done)
    }
}
