import Foundation
import Testing

@testable import RalphCore

@Suite("The run machine chooses agents, and waits for them")
struct AgentOrderTests {
    private static let ladder = [
        AgentChoice(name: "claude", model: "haiku"), AgentChoice(name: "claude", model: "sonnet"),
        AgentChoice(name: "claude", model: "opus"),
    ]

    @Test("one rung up after every second strike; the same failure counts anew, and retry starts over")
    func escalation() {
        var run = MachineFixture([item("a")]) {
            $0.escalate = Self.ladder
            $0.agents = []
            $0.attempts = 9
        }
        var seen: [String] = run.startedAgents
        for _ in 1...5 {
            run.end(1, .checksFailed) {
                $0.signature = "same"
                $0.model = "what it calls itself"
            }
            seen += run.startedAgents
        }
        #expect(
            seen == [
                "claude:haiku", "claude:haiku", "claude:sonnet", "claude:sonnet", "claude:opus",
                "claude:opus",
            ]
        )
        #expect(run.item(1).sameFailure?.count == 1)
        for _ in 1...2 {
            run.end(1, .checksFailed) {
                $0.signature = "same"
                $0.model = "what it calls itself"
            }
        }
        #expect(run.item(1).state == .blocked)
        run.send(.steer(.retry(ItemID(1), note: nil, fresh: false)))
        #expect(run.startedAgents == ["claude:haiku"])
    }

    @Test("an escalation is told once")
    func told() {
        var run = MachineFixture([item("a")]) {
            $0.escalate = Self.ladder
            $0.agents = []
        }
        var notes: [String] = []
        for n in 1...3 {
            run.end(1, .checksFailed) { $0.signature = "\(n)" }
            notes += run.log.compactMap { if case .note(_, let text) = $0 { text } else { nil } }
        }
        #expect(notes == ["escalated to claude:sonnet after 2 strikes"])
    }

    @Test("who takes over from a rung that sleeps is the fallback order, never another rung")
    func fallback() {
        var run = MachineFixture([item("a")]) {
            $0.escalate = Array(Self.ladder.dropFirst())
            $0.agents = [Self.ladder[1], AgentChoice(name: "codex")]
        }
        #expect(run.startedAgents == ["claude:sonnet"])
        run.end(1, .rateLimited) { $0.limitedModel = "sonnet" }
        #expect(run.startedAgents == ["codex"])
        run.end(1, .authFailed)
        #expect(run.item(1).state == .waiting)
    }

    @Test("an item that names its agent or its model is not escalated")
    func own() {
        var run = MachineFixture([
            item("a") { $0.attributes.agent = AgentChoice(name: "codex") },
            item("b") { $0.attributes.model = "fable" },
        ]) {
            $0.escalate = Self.ladder
            $0.agents = []
        }
        #expect(run.startedAgents == ["codex"])
        run.end(1, .landed)
        #expect(run.startedAgents == ["claude:fable"])
    }

    @Test("the provider's own sentence is what a person reads")
    func sentence() {
        var run = MachineFixture([item("a")])
        run.end(1, .rateLimited) {
            $0.limitReset = $0.limitReset ?? Date(timeIntervalSince1970: 1_800_009_999)
            $0.detail = "You've hit your limit · resets 3am (UTC)"
        }
        #expect(
            run.machine.project.reason
                == "claude is asleep until its limit resets: You've hit your limit · resets 3am (UTC)"
        )
    }

    @Test(
        "the wake is never before the reset, and at most a minute after it",
        arguments: [2.0, 10_800, 345_600]
    )
    func jitter(wait: Double) {
        for seed in UInt64(1)...50 {
            var rules = Rules()
            rules.agents = [AgentChoice(name: "claude")]
            var machine = RunMachine(rules: rules, seed: seed)
            let now = Date(timeIntervalSince1970: 1_800_000_000.123_456)
            _ = machine.handle(.loaded([], [], ProjectMood()), now: now)
            _ = machine.handle(.read(MachineFixture.reading([item("a")])), now: now)
            var end = IterationResult(
                item: ItemID(1),
                agent: AgentChoice(name: "claude"),
                outcome: .rateLimited
            )
            end.limitReset = now.addingTimeInterval(wait)
            _ = machine.handle(.ended(end), now: now)
            let late = machine.agents["claude"]?.until?.timeIntervalSince(now.addingTimeInterval(wait)) ?? -1
            #expect(late >= 0 && late <= min(60, wait / 10) + 0.001)
        }
    }

    @Test(
        "trap 8: a second refusal sleeps again, and a reset that is over already is not asked for at once twice"
    )
    func secondRefusal() throws {
        var run = MachineFixture([item("a")])
        let later = run.now.addingTimeInterval(7200)
        run.end(1, .rateLimited) { $0.limitReset = later.addingTimeInterval(-7140) }
        run.send(.woke, after: 200)
        #expect(run.started == [1])
        run.end(1, .rateLimited) { $0.limitReset = later }
        #expect(run.started.isEmpty)
        #expect(try #require(run.machine.agents["claude"]?.until) >= later)
        run.send(.woke, after: 7300)
        #expect(run.started == [1])
        var waits: [Double] = []
        for _ in 1...4 {
            let now = run.now
            run.end(1, .rateLimited) { $0.limitReset = now }
            #expect(run.started.isEmpty)
            waits.append(try #require(run.wake).timeIntervalSince(run.now))
            run.send(.woke, after: waits[waits.count - 1])
        }
        #expect(waits.allSatisfy { $0 >= 48 })
        #expect(waits[3] > waits[0])
        #expect(run.item(1).strikes == 0)
    }

    @Test("a reset that has just passed means now")
    func justPassed() {
        var run = MachineFixture([item("a")])
        run.end(1, .rateLimited) { $0.limitReset = Date(timeIntervalSince1970: 1_799_999_999) }
        #expect(run.started == [1])
    }

    @Test("trap 35: with all agents limited nothing is begun until the earliest reset")
    func allLimited() {
        var run = MachineFixture([item("a")]) {
            $0.agents = [AgentChoice(name: "claude"), AgentChoice(name: "codex")]
        }
        let (early, late) = (run.now.addingTimeInterval(3600), run.now.addingTimeInterval(90_000))
        run.end(1, .rateLimited) { $0.limitReset = late }
        #expect(run.startedAgents == ["codex"])
        run.end(1, .rateLimited) { $0.limitReset = early }
        #expect(run.machine.project.state == .waiting)
        let until = run.machine.agents["codex"]?.until
        #expect(run.machine.project.until == until)
        #expect(run.wake == until)
        for _ in 1...50 {
            run.send(.woke, after: 60)
            #expect(run.started.isEmpty)
        }
        run.send(.woke, after: until?.timeIntervalSince(run.now) ?? 0)
        #expect(run.startedAgents == ["codex"])
    }

    @Test(
        "trap 29: a clock that jumps a day, either way, moves no instant, and nothing is asked for at once",
        arguments: [-86_400.0, 86_400]
    )
    func clockJump(seconds: Double) throws {
        var run = MachineFixture([item("a")])
        let reset = run.now.addingTimeInterval(180_000)
        run.end(1, .rateLimited) { $0.limitReset = reset }
        let until = try #require(run.machine.agents["claude"]?.until)
        run.send(.woke, after: seconds)
        for _ in 1...20 {
            #expect(run.started.isEmpty)
            #expect(run.wake == until)
            #expect(run.machine.project.until == until)
            run.send(.woke)
        }
        run.send(.woke, after: until.timeIntervalSince(run.now))
        #expect(run.started == [1])
    }

    @Test("an outage lets the next in the order take the item; alone, the item itself backs off")
    func outage() {
        var run = MachineFixture([item("a")]) {
            $0.agents = [AgentChoice(name: "claude"), AgentChoice(name: "codex")]
        }
        run.end(1, .unavailable) { $0.detail = "529 Overloaded" }
        #expect(run.startedAgents == ["codex"])
        #expect(run.machine.agents["claude"]?.state == .backingOff)
        run.end(1, .unavailable)
        #expect(run.started.isEmpty)
        #expect(run.item(1).state == .waiting)
        #expect(run.item(1).strikes == 0)
        run.send(.woke, after: 13)
        #expect(run.startedAgents == ["claude"])
        run.end(1, .checksFailed)
        #expect(run.machine.agents["claude"]?.refusals == 0)
    }

    @Test("an agent that fails at once three times in a row is set aside, and gives strikes back")
    func instantFailures() {
        var run = MachineFixture([item("a"), item("b")])
        for _ in 1...3 {
            run.end(1, .agentFailed) {
                $0.isInstantFailure = true
                $0.detail = "error: unknown option --foo"
            }
            run.send(.woke, after: 400)
        }
        #expect(run.machine.agents["claude"]?.state == .setAside)
        #expect(
            run.machine.agents["claude"]?.message
                == "failed 3 times in a row within 5 s: error: unknown option --foo"
        )
        #expect(run.item(1).strikes == 0)
        #expect(run.machine.project.hold == nil)
        #expect(run.exitCode == ExitCode.needsPerson)

        // Asked again, and no better: set aside at once, and nobody's strike.
        run.send(.agentMended("claude"))
        #expect(run.started == [1])
        run.end(1, .agentFailed) { $0.isInstantFailure = true }
        #expect(run.machine.agents["claude"]?.state == .setAside)
        #expect(run.item(1).strikes == 0)
    }

    @Test(
        "an agent that is set aside is asked again after six hours, or as soon as what it lacked has changed"
    )
    func setAsideReturns() {
        var run = MachineFixture([item("a")]) { $0.isUntilDone = false }
        for outcome in [Outcome.authFailed, .billing, .agentMissing] {
            run.end(1, outcome) { $0.detail = "not logged in" }
            #expect(run.started.isEmpty)
            let instant = run.now.addingTimeInterval(6 * 3600)
            #expect(run.machine.agents["claude"]?.until == instant)
            #expect(run.wake == instant)
            #expect(run.machine.project.state == .waiting)
            #expect(run.machine.project.until == instant)
            #expect(run.machine.project.reason == "claude is set aside: not logged in")
            run.send(.woke, after: 6 * 3600 - 1)
            #expect(run.started.isEmpty)
            run.send(.woke, after: 1)
            #expect(run.started == [1])
        }
        run.end(1, .authFailed)
        run.send(.agentMended("codex"))
        #expect(run.started.isEmpty)
        run.send(.agentMended("claude"))
        #expect(run.started == [1])
        #expect(run.item(1).strikes == 0)
    }

    @Test("with --until-done nobody waits six hours for an agent that is set aside")
    func setAsideEnds() {
        var run = MachineFixture([item("a")])
        run.end(1, .authFailed)
        #expect(run.exitCode == ExitCode.needsPerson)
    }

    @Test("of two agents the silent one is set aside, and the project goes on with the other")
    func silentOfTwo() {
        var run = MachineFixture([item("a")]) {
            $0.agents = [AgentChoice(name: "claude"), AgentChoice(name: "codex")]
        }
        for _ in 1...3 {
            run.end(1, .agentFailed) { ($0.isInstantFailure, $0.isSilentDeath) = (true, true) }
            run.send(.woke, after: 400)
        }
        #expect(run.machine.agents["claude"]?.state == .setAside)
        #expect(run.machine.project.hold == nil)
        #expect(run.machine.running.values.map(\.name) == ["codex"])
    }

    @Test("trap 19: healthy quick items, and failures that told what they did, set nobody aside")
    func healthy() {
        var run = MachineFixture((1...4).map { item("i\($0)") }) { $0.attempts = 9 }
        for id in 1...3 { run.end(Int64(id), .landed) }
        for _ in 1...5 {
            run.end(4, .agentFailed)
            run.send(.woke, after: 400)
        }
        #expect(run.machine.agents["claude"]?.state == .ready)
        #expect(run.machine.project.hold == nil)
    }
}
