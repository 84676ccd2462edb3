import Foundation
import Testing

@testable import RalphCore

@Suite("What holds the whole project")
struct HoldTests {
    @Test(
        "a broken check holds, probes after 1, 5, 15 and then 60 minutes, and goes on when the cause is gone"
    )
    func hold() {
        var run = MachineFixture([item("a")]) { $0.isUntilDone = false }
        run.end(1, .checkBroken) { $0.trouble = RunMachine.Trouble(.checkBroken, "mkae") }
        #expect(run.item(1).strikes == 0)
        for minutes in [1.0, 5, 15, 60, 60] {
            #expect(run.machine.project.state == .held)
            #expect(run.started.isEmpty)
            #expect(run.wake == run.now.addingTimeInterval(minutes * 60))
            run.send(.woke, after: minutes * 60)
            #expect(run.log.contains(.probe(.checkBroken)))
            run.send(.probed(RunMachine.Trouble(.checkBroken, "mkae")))
        }
        run.send(.woke, after: 3600)
        run.send(.probed(nil))
        #expect(run.started == [1])
    }

    @Test(
        "three silent deaths in a row hold the project and give the strikes back; healthy quick items do not"
    )
    func silentDeaths() {
        var run = MachineFixture([item("a")])
        for _ in 1...3 {
            run.end(1, .agentFailed) { $0.isSilentDeath = true }
            run.send(.woke, after: 400)
        }
        #expect(run.machine.project.hold?.kind == .environment)
        var healthy = MachineFixture([item("a"), item("b"), item("c"), item("d")])
        for id in 1...4 { healthy.end(Int64(id), .landed) }
        #expect(healthy.machine.project.hold == nil)
        #expect(healthy.exitCode == 0)
    }

    @Test("a red base holds after three iterations that failed only what fails without them")
    func baseRed() {
        var run = MachineFixture([item("a")])
        for n in 1...3 {
            run.end(1, .checksFailed) {
                $0.checks = [failing("old")]
                $0.failingOnBase = ["test"]
                $0.signature = "\(n)"
            }
        }
        #expect(run.machine.project.hold?.kind == .baseRed)
        #expect(run.item(1).strikes == 0)
        #expect(run.item(1).block == nil)
    }

    @Test("what was struck for a red base is given back: strikes, blocks, and the same failure thrice")
    func baseRedGivesBack() {
        var run = MachineFixture([item("a") { $0.attributes.attempts = 1 }, item("b")])
        run.end(1, .checksFailed) { Self.onlyBase(&$0) }
        #expect(run.item(1).block?.kind == .blocked)
        for _ in 1...2 { run.end(2, .checksFailed) { Self.onlyBase(&$0) } }
        #expect(run.machine.project.hold?.kind == .baseRed)
        for id: Int64 in 1...2 {
            #expect(run.item(id).strikes == 0)
            #expect(run.item(id).block == nil)
        }
        var stuck = MachineFixture([item("a")])
        for _ in 1...3 { stuck.end(1, .checksFailed) { Self.onlyBase(&$0) } }
        #expect(stuck.item(1).block == nil)
        stuck.send(.steer(.resume))
        #expect(stuck.started == [1])
    }

    private static func onlyBase(_ end: inout IterationResult) {
        end.checks = [failing("old")]
        end.failingOnBase = ["test"]
        end.signature = "same"
    }

    @Test("a hold that only the next iteration can prove to be over waits longer each time it is not")
    func environmentHold() {
        var run = MachineFixture([item("a")]) { $0.isUntilDone = false }
        func dieUntilHeld() {
            while run.machine.project.hold == nil {
                if run.machine.running.isEmpty { run.send(.woke, after: 400) }
                run.end(1, .agentFailed) { $0.isSilentDeath = true }
            }
        }
        dieUntilHeld()
        let since = run.machine.project.hold?.since
        for (tries, minutes) in [(1, 5.0), (2, 15), (3, 60)] {
            run.send(.woke, after: 3600)
            #expect(run.log.contains(.probe(.environment)))
            run.send(.probed(nil))
            dieUntilHeld()
            #expect(run.machine.project.hold?.tries == tries)
            #expect(run.machine.project.hold?.since == since)
            #expect(run.machine.project.hold?.nextProbe == run.now.addingTimeInterval(minutes * 60))
        }
        run.send(.woke, after: 3600)
        run.send(.probed(nil))
        run.send(.woke, after: 400)
        run.end(1, .checksFailed)
        #expect(run.machine.triedHold == nil)
    }

    @Test(
        "checks of one project never overlap: a probe waits for an undo and for a landing that are under way"
    )
    func probeWaits() {
        var run = MachineFixture([item("a"), item("b")]) { $0.isUntilDone = false }
        run.end(1, .landed)
        run.send(.steer(.undo(ItemID(1))))
        run.end(2, .checkBroken) { $0.trouble = RunMachine.Trouble(.checkBroken, "mkae") }
        #expect(run.log.contains(.undo(ItemID(1))))
        run.send(.woke, after: 3600)
        #expect(!run.log.contains(.probe(.checkBroken)))
        run.send(.undoObstructed(ItemID(1)))
        #expect(run.log.contains(.probe(.checkBroken)))
    }

    @Test("an undo that is in somebody's way is tried after 5 seconds, and then less and less often")
    func undoPoll() {
        var run = MachineFixture([item("a")]) { $0.isUntilDone = false }
        run.end(1, .landed)
        run.send(.steer(.undo(ItemID(1))))
        for seconds in [5.0, 10, 20, 40, 60, 60] {
            run.send(.undoObstructed(ItemID(1)))
            run.send(.woke, after: seconds - 0.001)
            #expect(!run.log.contains(.undo(ItemID(1))))
            run.send(.woke, after: 0.001)
            #expect(run.log.contains(.undo(ItemID(1))))
        }
    }
}
