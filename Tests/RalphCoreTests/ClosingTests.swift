import Foundation
import Testing

@testable import RalphCore

/// What a run begins with, and the line that it ends with.
@Suite("A run's beginning and end")
struct ClosingTests {
    private func items(_ count: Int) -> [Item] {
        (1...count).map { Item(key: "i\($0)", title: "Item \($0)", line: $0) }
    }

    @Test("nothing is begun, probed or ended before the PRD was read")
    func beforeTheReading() {
        var machine = RunMachine(rules: Rules(), seed: 1)
        machine.rules.agents = [AgentChoice(name: "claude")]
        machine.rules.isUntilDone = true
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let known = items(2).enumerated().map {
            ItemRecord(
                id: ItemID(Int64($0.offset + 1)),
                item: $0.element,
                position: $0.offset,
                createdAt: now
            )
        }
        var mood = ProjectMood()
        mood.hold = Hold(kind: .checkBroken, message: "x", since: now, nextProbe: now)
        let loaded = machine.handle(.loaded(known, [], mood), now: now)
        #expect(!loaded.contains { if case .start = $0 { true } else { false } })
        #expect(!loaded.contains(.probe(.checkBroken)))
        #expect(!loaded.contains { if case .finish = $0 { true } else { false } })
        let read = machine.handle(.read(MachineFixture.reading(items(2))), now: now)
        #expect(read.contains(.probe(.checkBroken)))
        #expect(!read.contains { if case .finish = $0 { true } else { false } })
        let probed = machine.handle(.probed(nil), now: now)
        #expect(probed.contains(.start(ItemID(1), AgentChoice(name: "claude"), Allowance())))
    }

    @Test("an item that was claimed by a life that ended before its iteration began is claimed again")
    func claimedWithoutIteration() {
        var machine = RunMachine(rules: Rules(), seed: 1)
        machine.rules.agents = [AgentChoice(name: "claude")]
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        var record = ItemRecord(id: ItemID(1), item: items(1)[0], position: 0, createdAt: now)
        record.state = .running
        _ = machine.handle(.loaded([record], [], ProjectMood()), now: now)
        let read = machine.handle(.read(MachineFixture.reading(items(1))), now: now)
        #expect(read.contains(.start(ItemID(1), AgentChoice(name: "claude"), Allowance())))
    }

    @Test("a landing that is tried again takes a worker's place: checks never overlap")
    func landingAgain() {
        var run = MachineFixture(items(3))
        run.send(.landingObstructed(ItemID(1), .init(reason: "notes.txt is changed", needsPerson: true)))
        #expect(run.started == [2])
        run.now = run.now.addingTimeInterval(6)
        run.end(2, .landed)
        #expect(run.log.contains(.landAgain(ItemID(1))))
        #expect(run.started == [])
        run.send(.landingObstructed(ItemID(1), .init(reason: "notes.txt is changed", needsPerson: true)))
        #expect(run.started == [3])
    }

    @Test("agents of the fallback order are known from the first reading on")
    func agents() {
        let run = MachineFixture(items(1)) {
            $0.agents = [AgentChoice(name: "claude", model: "opus"), AgentChoice(name: "codex")]
        }
        #expect(run.machine.agents.mapValues(\.state) == ["claude": .ready, "codex": .ready])
    }

    @Test("other checks end a hold")
    func otherSettings() {
        var run = MachineFixture(items(1))
        run.end(1, .checkBroken) { $0.trouble = RunMachine.Trouble(.checkBroken, "no such program") }
        #expect(run.machine.project.hold != nil)
        run.send(.rulesChanged(run.machine.rules))
        #expect(run.machine.project.hold == nil)
        #expect(run.started == [1])
    }

    @Test("a blocked item is named with its reason")
    func blocked() {
        var run = MachineFixture(items(3)) { $0.attempts = 1 }
        run.end(1, .landed)
        run.end(2, .noChange) { $0.detail = "nothing\n changed" }
        run.end(3, .question) { $0.detail = "tabs or spaces?" }
        #expect(
            run.machine.closingWords(exitCode: 3, now: run.now)
                == "1 of 3 items done, 2 need you: #i2 1 try, it ended no_change: nothing changed; "
                + "#i3 tabs or spaces?; ralphctl status"
        )
    }

    @Test("a long wait is told with its length")
    func longWait() {
        var run = MachineFixture(items(1)) { $0.longestWait = .seconds(1) }
        run.end(1, .unavailable) { $0.detail = "overloaded" }
        let words = run.machine.closingWords(exitCode: 4, now: run.now)
        #expect(words.hasPrefix("0 of 1 item done, the rest waits "))
        #expect(words.contains("longer than --wait 1 s: #i1 backing off after unavailable: overloaded"))
    }
}
