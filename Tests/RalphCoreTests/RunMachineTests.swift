import Foundation
import Testing

@testable import RalphCore

@Suite("The run machine decides")
struct RunMachineTests {
    @Test("items run one at a time, in document order, and the loop ends with 0")
    func order() {
        var run = MachineFixture([item("a"), item("b")])
        #expect(run.started == [1])
        run.end(1, .landed)
        #expect(run.started == [2])
        run.end(2, .landed)
        #expect(run.started.isEmpty)
        #expect(run.exitCode == 0)
    }

    @Test("priority comes before order, and what others wait for comes before them")
    func priority() {
        var run = MachineFixture([
            item("late") { $0.attributes.after = ["base"] },
            item("plain"),
            item("base") { $0.attributes.priority = 1 },
        ])
        #expect(run.started == [3])
        #expect(run.item(1).reason == "waits for #base")
        run.end(3, .landed)
        #expect(run.started == [1])
    }

    @Test("every outcome leaves the item with a reason or done", arguments: Outcome.allCases)
    func neverNothing(outcome: Outcome) {
        var run = MachineFixture([item("a")])
        run.end(1, outcome) { $0.trouble = RunMachine.Trouble(.checkBroken, "mkae: not found") }
        let record = run.item(1)
        #expect(record.state == .done || record.state == .running || record.reason != nil)
        #expect(record.strikes == (outcome.isStrike ? 1 : 0))
    }

    @Test("five strikes block an item and the rest goes on; --until-done exits 3")
    func hopeless() {
        var run = MachineFixture([item("hopeless"), item("fine")])
        for strike in 1...5 {
            #expect(run.item(1).strikes == strike - 1)
            run.end(1, .checksFailed) { $0.signature = "\(strike)" }
        }
        #expect(run.item(1).state == .blocked)
        #expect(run.started == [2])
        run.end(2, .landed)
        #expect(run.exitCode == ExitCode.needsPerson)
    }

    @Test("the same failure three times is stuck, before the strikes run out")
    func stuck() {
        var run = MachineFixture([item("a")])
        for _ in 1...3 { run.end(1, .checksFailed) { $0.signature = "same" } }
        #expect(run.item(1).state == .blocked)
        #expect(run.item(1).block?.message.hasPrefix("stuck: the same failure 3 times") == true)
    }

    @Test("another model starts the count of equal failures anew")
    func stuckPerModel() {
        var run = MachineFixture([item("a")])
        for model in ["sonnet", "sonnet", "opus", "opus"] {
            run.end(1, .checksFailed) {
                $0.signature = "same"
                $0.model = model
            }
        }
        #expect(run.item(1).block == nil)
        #expect(run.item(1).sameFailure?.count == 2)
    }

    @Test("a backoff doubles, stays within 20 percent and five minutes, and the item keeps its turn")
    func backoff() {
        var run = MachineFixture([item("a"), item("b")])
        for n in 0..<7 {
            let start = run.now
            run.end(1, .unavailable)
            #expect(run.started.isEmpty, "b must not take a's turn")
            guard let until = run.item(1).waitUntil else {
                Issue.record("no wait")
                return
            }
            let wait = until.timeIntervalSince(start)
            let plain = min(10 * Double(1 << n), 300)
            #expect(wait >= plain * 0.8 && wait <= plain * 1.2)
            #expect(run.item(1).strikes == 0)
            run.send(.woke, after: wait)
            #expect(run.started == [1])
        }
    }

    @Test("a usage limit sleeps until the stated reset and costs no strike")
    func limit() {
        var run = MachineFixture([item("a")])
        let reset = run.now.addingTimeInterval(4 * 86_400)
        run.end(1, .rateLimited) { $0.limitReset = reset }
        #expect(run.item(1).state == .waiting)
        #expect(run.machine.project.state == .waiting)
        #expect(run.exitCode == nil)
        guard let until = run.machine.agents["claude"]?.until, let wake = run.wake else {
            Issue.record("no wait")
            return
        }
        #expect(until >= reset && until <= reset.addingTimeInterval(60))
        #expect(wake == until)
        run.send(.woke, after: until.timeIntervalSince(run.now) - 1)
        #expect(run.started.isEmpty)
        run.send(.woke, after: 1)
        #expect(run.started == [1])
        #expect(run.item(1).strikes == 0)
    }

    @Test("a limit of one model or agent lets the next in the list take the item")
    func fallback() {
        var run = MachineFixture([item("a")]) {
            $0.agents = [
                AgentChoice(name: "claude", model: "opus"), AgentChoice(name: "claude", model: "sonnet"),
                AgentChoice(name: "codex"),
            ]
        }
        #expect(run.startedAgents == ["claude:opus"])
        run.end(1, .rateLimited) { $0.limitedModel = "opus" }
        #expect(run.startedAgents == ["claude:sonnet"])
        run.end(1, .authFailed)
        #expect(run.startedAgents == ["codex"])
        run.end(1, .billing)
        #expect(run.item(1).state == .waiting)
        run.send(.steer(.retryAgent("codex")))
        #expect(run.startedAgents == ["codex"])
    }

    @Test(
        "a limit of one model leaves other models of the agent awake, also where the CLI chose the limited one"
    )
    func defaultModelLimited() {
        var run = MachineFixture([item("a")]) {
            $0.agents = [AgentChoice(name: "claude"), AgentChoice(name: "claude", model: "sonnet")]
        }
        run.end(1, .rateLimited) { $0.limitedModel = "opus" }
        #expect(run.startedAgents == ["claude:sonnet"])
        run.end(1, .rateLimited)
        #expect(run.startedAgents.isEmpty)
        run.send(.steer(.retryAgent("claude")))
        #expect(run.startedAgents == ["claude"])
    }

    @Test("a wait longer than --wait ends --until-done with 4")
    func waitTooLong() {
        var run = MachineFixture([item("a")]) { $0.longestWait = .seconds(3600) }
        let reset = run.now.addingTimeInterval(4 * 86_400)
        run.end(1, .rateLimited) { $0.limitReset = reset }
        #expect(run.exitCode == ExitCode.waitTooLong)
    }

    @Test("three conflicts in a row block the item although none is a strike")
    func boundedStreak() {
        var run = MachineFixture([item("a")])
        for _ in 1...3 { run.end(1, .conflict) }
        #expect(run.item(1).state == .blocked)
        #expect(run.item(1).strikes == 0)
    }

    @Test("three daemon deaths in a row while an item's agent ran block it; three shutdowns do not")
    func crashes() {
        var crashed = MachineFixture([item("a")])
        for _ in 1...3 { crashed.die(in: .agent) }
        #expect(crashed.item(1).state == .blocked)
        #expect(crashed.item(1).reason?.hasPrefix("ralphd died 3 times in a row while its agent ran") == true)
        var stopped = MachineFixture([item("a")])
        for _ in 1...4 { stopped.end(1, .interrupted) }
        #expect(stopped.item(1).block == nil)
    }

    @Test("a death in which the item had no part, or of another stage, begins the count anew")
    func innocentDeaths() {
        var run = MachineFixture([item("a")])
        for stage: Stage? in [.agent, .agent, nil, .agent, .agent, nil, .agent, .agent] { run.die(in: stage) }
        #expect(run.item(1).block == nil)
        #expect(run.item(1).unpaid?.count == 2)
        let stages: [Stage?] = [.checks, .checks, .checks, nil]
        let answers = stages.map { run.machine.mayResume(ItemID(1), diedIn: $0) }
        #expect(answers == [true, true, false, true])
        #expect(run.item(1).unpaid == nil)
    }

    @Test("a question waits for its answer, the rest goes on, and the answer starts it again")
    func question() {
        var run = MachineFixture([item("a"), item("b")])
        run.end(1, .question) { $0.detail = "array or lines?" }
        #expect(run.item(1).state == .waiting)
        #expect(run.started == [2])
        run.end(2, .landed)
        #expect(run.exitCode == ExitCode.needsPerson)
        run.send(.steer(.answer(ItemID(1), "array")))
        #expect(run.started == [1])
        #expect(run.item(1).answer == Answer(question: "array or lines?", answer: "array"))
    }

    @Test("an item's own check that cannot start blocks the item, and mending it lifts that")
    func ownCheckBroken() {
        var run = MachineFixture([item("a") { $0.attributes.checks = ["nope"] }, item("b")])
        run.end(1, .checkBroken) { $0.detail = "check item cannot start" }
        #expect(run.machine.project.hold == nil)
        #expect(run.item(1).state == .blocked)
        #expect(run.item(1).strikes == 0)
        #expect(run.started == [2])
        run.end(2, .landed)
        run.send(.read(MachineFixture.reading([item("a") { $0.attributes.checks = ["true"] }, item("b")])))
        #expect(run.started == [1])
    }

    @Test("pause claims nothing and lets the running item end; resume goes on")
    func pause() {
        var run = MachineFixture([item("a"), item("b")])
        run.send(.steer(.pause(now: false)))
        run.end(1, .landed)
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .paused)
        run.send(.steer(.resume))
        #expect(run.started == [2])
    }

    @Test("already done without proof asks for a confirmation; accept ticks it")
    func confirm() {
        var run = MachineFixture([item("a")])
        run.end(1, .alreadyDone) { $0.detail = "it holds" }
        #expect(run.item(1).block?.kind == .confirm)
        run.send(.steer(.accept(ItemID(1))))
        #expect(run.item(1).state == .done)
        #expect(run.log.contains(.tick([ItemID(1)])))
        #expect(run.exitCode == 0)
    }

    @Test("manual items are aside only if nothing waits on them")
    func manual() {
        let gate = item("gate") { $0.attributes.mode = .manual }
        let alone = MachineFixture([gate])
        #expect(alone.exitCode == 0)
        let waited = MachineFixture([gate, item("x") { $0.attributes.after = ["gate"] }])
        #expect(waited.exitCode == ExitCode.needsPerson)
        #expect(waited.item(2).reason == "waits for #gate, which a person does")
    }

    @Test("trap 46: an item that is for later is shown as that and not run, and holds up no end")
    func later() {
        var run = MachineFixture([item("a") { $0.attributes.mode = .later }, item("b")])
        #expect(run.started == [2])
        run.end(2, .landed)
        #expect(run.started.isEmpty)
        #expect(run.item(1).state == .later)
        #expect(run.exitCode == 0)
    }

    @Test("an item whose text changes while it runs is cancelled and starts again once the text is still")
    func changedText() {
        var run = MachineFixture([item("a")])
        let edited = item("a") { $0.title = "do a, but well" }
        run.send(.read(MachineFixture.reading([edited])), after: 1)
        #expect(run.log.contains(.cancel(ItemID(1), reason: "its text changed")))
        run.end(1, .cancelled)
        #expect(run.started.isEmpty)
        run.send(.woke, after: 14)
        #expect(run.started.isEmpty)
        run.send(.woke, after: 1)
        #expect(run.started == [1])
    }

    @Test("an item that vanishes is withdrawn after five seconds, and its history comes back with it")
    func withdrawn() {
        var run = MachineFixture([item("a"), item("b")]) { $0.isUntilDone = false }
        run.end(1, .checksFailed) { $0.signature = "x" }
        var reading = Reading(present: [(ItemID(2), item("b"))])
        reading.absent = [ItemID(1)]
        run.send(.read(reading))
        #expect(run.item(1).state == .running)
        run.send(.woke, after: 5)
        #expect(run.log.contains(.cancel(ItemID(1), reason: "withdrawn from the PRD")))
        run.end(1, .cancelled)
        #expect(run.item(1).state == .withdrawn)
        #expect(run.started == [2])
        run.send(.read(MachineFixture.reading([item("a"), item("b")])))
        #expect(run.item(1).state == .open)
        #expect(run.item(1).strikes == 1)
    }

    @Test("ticks that vanish are put back; one that is asked for reopens the item with fresh strikes")
    func lostTicks() {
        var run = MachineFixture([item("a"), item("b")]) { $0.isUntilDone = false }
        run.end(1, .landed)
        run.end(2, .landed)
        run.send(.read(MachineFixture.reading([item("a"), item("b")])))
        #expect(run.log.contains(.tick([ItemID(1), ItemID(2)])))
        #expect(run.started.isEmpty)
        var reading = MachineFixture.reading([item("a"), item("b") { $0.isTicked = true }])
        reading.reopened = [ItemID(1)]
        run.send(.read(reading))
        #expect(run.started == [1])
    }

    @Test("a parked landing is tried again every five seconds while other items go on")
    func parked() {
        var run = MachineFixture([item("a"), item("b")])
        let obstacle = RunMachine.Obstacle(reason: "src/a.txt has uncommitted changes", needsPerson: true)
        run.send(.landingObstructed(ItemID(1), obstacle))
        #expect(run.item(1).state == .waiting)
        #expect(run.item(1).reason == obstacle.reason)
        #expect(run.started == [2])
        run.end(2, .landed)
        #expect(run.exitCode == ExitCode.needsPerson)
        run.send(.woke, after: 5)
        #expect(run.log.contains(.landAgain(ItemID(1))))
    }

    @Test("a waiting landing whose item changes is closed first, and begun anew once the text is still")
    func parkedAndChanged() {
        var run = MachineFixture([item("a")])
        run.send(.landingObstructed(ItemID(1), RunMachine.Obstacle(reason: "x", needsPerson: true)))
        run.send(.read(MachineFixture.reading([item("a") { $0.title = "do a, but well" }])), after: 20)
        #expect(run.log.contains(.dropLanding(ItemID(1), reason: "its text changed")))
        #expect(run.exitCode == nil)
        run.send(.woke, after: 20)
        #expect(run.started.isEmpty && !run.log.contains(.dropLanding(ItemID(1), reason: "its text changed")))
        run.end(1, .cancelled)
        #expect(run.started == [1])
    }

    @Test("a landing under way is ended before it is given up; one that cannot be closed waits on")
    func landingAndChanged() {
        var run = MachineFixture([item("a")])
        let obstacle = RunMachine.Obstacle(reason: "x", needsPerson: true)
        run.send(.landingObstructed(ItemID(1), obstacle))
        run.send(.woke, after: 5)
        #expect(run.log.contains(.landAgain(ItemID(1))))
        run.send(.steer(.retry(ItemID(1), note: nil, fresh: true)))
        #expect(run.log.contains(.cancel(ItemID(1), reason: "tried again")))
        run.send(.landingObstructed(ItemID(1), obstacle))
        #expect(run.log.contains(.dropLanding(ItemID(1), reason: "tried again")))
        #expect(run.started.isEmpty)
        run.send(.landingObstructed(ItemID(1), obstacle))
        #expect(run.item(1).reason == "x")
        #expect(run.started.isEmpty)
    }
}
