import Foundation

@testable import RalphCore

/// A machine with items, driven by hand: every instant is given, so nothing waits.
struct MachineFixture {
    var machine: RunMachine
    var now = Date(timeIntervalSince1970: 1_800_000_000)

    init(_ items: [Item], rules: (inout Rules) -> Void = { _ in }) {
        var all = Rules()
        all.agents = [AgentChoice(name: "claude")]
        all.isUntilDone = true
        rules(&all)
        machine = RunMachine(rules: all, seed: 1)
        _ = machine.handle(.loaded([], [], ProjectMood()), now: now)
        log = machine.handle(.read(Self.reading(items)), now: now)
    }

    /// Actions of the last event.
    var log: [RunMachine.Action] = []

    static func reading(_ items: [Item]) -> Reading {
        Reading(present: items.enumerated().map { (ItemID(Int64($0.offset + 1)), $0.element) })
    }

    mutating func send(_ event: RunMachine.Event, after seconds: Double = 0) {
        now = now.addingTimeInterval(seconds)
        log = machine.handle(event, now: now)
    }

    /// Ends the running iteration of an item.
    mutating func end(_ id: Int64, _ outcome: Outcome, _ edit: (inout IterationResult) -> Void = { _ in }) {
        var end = IterationResult(
            item: ItemID(id),
            agent: machine.running[ItemID(id)] ?? AgentChoice(name: "claude"),
            outcome: outcome
        )
        edit(&end)
        send(.ended(end))
    }

    /// The daemon dies under the first item; `stage` is where something of the item's own ran and brought nothing.
    mutating func die(in stage: Stage?) {
        end(1, .interrupted) {
            $0.isCrash = true
            $0.suspectStage = stage
        }
    }

    func item(_ id: Int64) -> ItemRecord {
        machine.items[ItemID(id)]
            ?? ItemRecord(
                id: ItemID(0),
                item: Item(key: "?", title: "?", line: 0),
                position: 0,
                createdAt: now
            )
    }

    var started: [Int64] {
        log.compactMap { if case .start(let id, _, _) = $0 { id.rawValue } else { nil } }
    }

    var startedAgents: [String] {
        log.compactMap { if case .start(_, let agent, _) = $0 { agent.description } else { nil } }
    }

    var exitCode: Int32? {
        for case .finish(let code) in log { return code }
        return nil
    }

    var wake: Date? {
        for case .wake(let date) in log { return date }
        return nil
    }
}

func item(_ key: String, _ edit: (inout Item) -> Void = { _ in }) -> Item {
    var item = Item(key: key, explicitID: key, title: "do \(key)", section: ["S"], line: 1, boxOffset: 3)
    edit(&item)
    return item
}

func failing(_ text: String) -> CheckResult {
    CheckResult(
        name: "test",
        verdict: .failed,
        exitCode: 1,
        duration: .seconds(1),
        summary: "exit 1",
        tail: text,
        lineCount: 1
    )
}
