import Foundation
import Testing

@testable import RalphCore

@Suite("The run machine keeps to the budget")
struct BudgetTests {
    /// Ends an iteration that cost so much.
    private func end(
        _ run: inout MachineFixture,
        _ id: Int64,
        _ outcome: Outcome,
        usd: Double? = nil,
        tokens: Int? = nil,
        reserved: Ceiling = Ceiling()
    ) {
        run.end(id, outcome) {
            $0.bill.usd = usd
            $0.bill.tokens = tokens
            $0.bill.assumed = Ceiling(
                usd: usd == nil ? reserved.usd : nil,
                tokens: tokens == nil ? reserved.tokens : nil
            )
        }
    }

    private func allowances(_ run: MachineFixture) -> [Allowance] {
        run.log.compactMap { if case .start(_, _, let allowance) = $0 { allowance } else { nil } }
    }

    private func aDay(_ edit: @escaping (inout Rules) -> Void = { _ in }) -> MachineFixture {
        MachineFixture(["a", "b", "c", "d"].map { item($0) }) {
            $0.budget.day.usd = 1
            edit(&$0)
        }
    }

    @Test("with $1 a day and $0.30 an item the fourth waits until midnight, and is no hold")
    func day() throws {
        var run = aDay()
        for id in 1...3 {
            #expect(run.started == [Int64(id)])
            end(&run, Int64(id), .landed, usd: 0.3)
        }
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .waiting)
        #expect(run.machine.project.hold == nil)
        #expect(
            run.machine.project.reason?.hasPrefix(
                "today's budget of $1.00: $0.90 is spent, and one iteration takes about $0.30"
            ) == true
        )
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let midnight = calendar.startOfDay(for: run.now).addingTimeInterval(86_400)
        #expect(run.machine.project.until == midnight)
        #expect(run.wake == midnight)
        #expect(run.exitCode == nil)
        run.send(.woke, after: midnight.timeIntervalSince(run.now) - 0.001)
        #expect(run.started.isEmpty)
        run.send(.woke, after: 0.001)
        #expect(run.started == [4])
    }

    @Test("a day's end that is farther than --wait ends --until-done with 4, and says why")
    func dayTooFar() {
        var run = aDay {
            $0.longestWait = .seconds(1)
            $0.budget.iteration.usd = 0.3
        }
        for id in 1...3 { end(&run, Int64(id), .landed, usd: 0.3) }
        #expect(run.exitCode == ExitCode.waitTooLong)
        let words = run.machine.closingWords(exitCode: ExitCode.waitTooLong, now: run.now)
        #expect(words.contains("longer than --wait 1 s: today's budget of $1.00"))
    }

    @Test("what an iteration may spend is the lowest of all that is left, and is put by")
    func caps() {
        var run = aDay {
            $0.budget.iteration.usd = 0.4
            $0.budget.item = Ceiling(usd: 0.5, tokens: 1000)
        }
        #expect(allowances(run).first?.cap == Ceiling(usd: 0.4, tokens: 1000))
        #expect(allowances(run).first?.usdScope == .iteration)
        #expect(allowances(run).first?.tokensScope == .item)
        #expect(allowances(run).first?.reserved == Ceiling(usd: 0.4, tokens: 100))
        end(&run, 1, .checksFailed, usd: 0.2, tokens: 300)
        #expect(allowances(run).first?.cap.usd.map { abs($0 - 0.3) < 1e-9 } == true)
        #expect(allowances(run).first?.usdScope == .item)
        #expect(allowances(run).first?.cap.tokens == 700)
    }

    @Test("the heading's or item's own budget stands in for the project's, but not over the host's")
    func ownBudget() {
        var own = item("a")
        own.attributes.budget = Ceiling(usd: 9)
        let run = MachineFixture([own]) {
            $0.budget.item.usd = 1
            $0.mostPerItem.usd = 3
        }
        #expect(allowances(run).first?.cap.usd == 3)
    }

    @Test("a ceiling that nothing was spent of lets one iteration begin, however low it is")
    func lowCeiling() {
        var run = MachineFixture([item("a"), item("b")]) { $0.budget.day.usd = 0.05 }
        #expect(run.started == [1])
        end(&run, 1, .landed, usd: 0.3)
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .waiting)
    }

    @Test(
        "trap 37: a cost that nobody knows is charged as it was put by; a refusal without work costs nothing"
    )
    func unknownCost() {
        var run = aDay { $0.budget.iteration.usd = 0.4 }
        end(&run, 1, .timedOut, reserved: Ceiling(usd: 0.4))
        #expect(run.item(1).spent == Outlay(usd: 0.4))
        run.send(.woke, after: 60)
        #expect(run.started == [1])
        run.end(1, .authFailed)
        #expect(run.item(1).spent == Outlay(usd: 0.4))
        run.send(.steer(.retryAgent("claude")))
        #expect(run.started == [1])
        end(&run, 1, .landed, reserved: Ceiling(usd: 0.4))
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .waiting)
    }

    @Test("trap 37: what nobody knows of one run replaces nothing that is known of another")
    func partsOfACost() {
        var row = IterationRecord.sample
        let putBy = Ceiling(usd: 0.4, tokens: 100)
        row.charge(.quoted(0.9), TokenUsage(input: 10), didWork: true, putBy: putBy, at: .distantPast)
        #expect(row.isUnpriced == false)
        row.charge(.unknown, nil, didWork: false, putBy: putBy, at: .distantPast)
        #expect(Bill(of: row).charge == Outlay(usd: 0.9, tokens: 10))
        #expect(row.isUnpriced == false)
        row.charge(.quoted(.nan), nil, didWork: true, putBy: putBy, at: .distantPast)
        #expect(row.cost == .quoted(0.9))
        #expect(row.tokens == TokenUsage(input: 10))
        #expect(row.assumed == putBy)
        #expect(row.isUnpriced == true)
        row.charge(.derived(0.5), TokenUsage(output: 5), didWork: true, putBy: putBy, at: .distantPast)
        #expect(row.cost == .derived(1.4))
        #expect(Bill(of: row).charge.tokens == 115)
    }

    @Test("trap 37: token ceilings hold where no cost is known")
    func tokens() {
        var run = MachineFixture([item("a"), item("b"), item("c")]) { $0.budget.day.tokens = 10_000 }
        end(&run, 1, .landed, tokens: 4000)
        #expect(run.started == [2])
        end(&run, 2, .landed, tokens: 4000)
        #expect(run.started.isEmpty)
        #expect(
            run.machine.project.reason?.hasPrefix("today's budget of 10k tokens: 8k tokens are spent") == true
        )
    }

    @Test("an item's own ceiling blocks it with the way to raise it; the rest goes on")
    func itemCeiling() {
        var run = MachineFixture([item("a"), item("b")]) { $0.budget.item.usd = 0.6 }
        end(&run, 1, .checksFailed, usd: 0.3)
        #expect(run.started == [1])
        end(&run, 1, .checksFailed, usd: 0.3)
        #expect(run.item(1).state == .blocked)
        #expect(
            run.item(1).block?.message
                == "its budget of $0.60: $0.60 is spent; raise `budget: {item: …}` in the front matter, or ralphctl retry "
                + "gives it as much again"
        )
        #expect(run.started == [2])
        end(&run, 2, .landed, usd: 0.1)
        #expect(run.exitCode == ExitCode.needsPerson)
        var rules = run.machine.rules
        rules.budget.item.usd = 2
        run.send(.rulesChanged(rules))
        #expect(run.started == [1])
        #expect(run.item(1).block == nil)
    }

    @Test("retry gives an item its money again, and blocks by hand are not lifted with the ceiling")
    func retry() {
        var run = MachineFixture([item("a")]) { $0.budget.item.usd = 0.3 }
        end(&run, 1, .checksFailed, usd: 0.3)
        #expect(run.item(1).state == .blocked)
        run.send(.steer(.retry(ItemID(1), note: nil, fresh: false)))
        #expect(run.started == [1])
        end(&run, 1, .checksFailed, usd: 0.3)
        run.send(.steer(.skip(ItemID(1))))
        var rules = run.machine.rules
        rules.budget.item.usd = 2
        run.send(.rulesChanged(rules))
        #expect(run.started.isEmpty)
        #expect(run.item(1).block?.kind == .skipped)
    }

    @Test("the project's ceiling holds, says how to raise it, looks again, and ends when it is raised")
    func total() {
        var run = MachineFixture([item("a"), item("b"), item("c")]) { $0.budget.total.usd = 0.5 }
        end(&run, 1, .landed, usd: 0.3)
        #expect(run.started.isEmpty)
        #expect(run.machine.project.state == .held)
        let hold = run.machine.project.hold
        #expect(hold?.kind == .budget)
        #expect(hold?.message.contains("raise `budget: {total: …}` in the front matter") == true)
        #expect(run.exitCode == ExitCode.needsPerson)
        run.send(.woke, after: 60)
        #expect(run.machine.project.hold?.tries == 1)
        #expect(run.machine.project.hold?.since == hold?.since)
        run.send(.steer(.resume))
        #expect(run.machine.project.state == .held)
        var rules = run.machine.rules
        rules.budget.total.usd = 5
        run.send(.rulesChanged(rules))
        #expect(run.started == [2])
    }

    @Test("when the day's money runs out under an item it is no strike")
    func excused() {
        var run = aDay()
        run.end(1, .budgetExhausted) {
            $0.isExcused = true
            $0.bill.usd = 1
        }
        #expect(run.item(1).strikes == 0)
        #expect(run.item(1).state == .open)
        #expect(run.machine.project.state == .waiting)
    }

    @Test("a day is one of the zone's, also when it has 23 hours")
    func zones() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        var run = MachineFixture([item("a"), item("b")]) {
            $0.budget.day.usd = 0.3
            $0.zone = berlin
        }
        // 2026-03-29 00:30 in Berlin: clocks go forward at two.
        let start = try Date("2026-03-28T23:30:00Z", strategy: .iso8601)
        run.send(.woke, after: start.timeIntervalSince(run.now))
        end(&run, 1, .landed, usd: 0.3)
        #expect(run.machine.project.until == (try Date("2026-03-29T22:00:00Z", strategy: .iso8601)))
        var rules = run.machine.rules
        rules.budget.zone = "UTC"
        run.send(.rulesChanged(rules))
        #expect(run.machine.project.until == (try Date("2026-03-29T00:00:00Z", strategy: .iso8601)))
    }

    @Test("trap 29: a clock that is set back finds the spend of its own day, and no wait is lost")
    func clockSetBack() {
        var run = aDay()
        for id in 1...3 { end(&run, Int64(id), .landed, usd: 0.3) }
        #expect(run.started.isEmpty)
        run.send(.woke, after: -86_400)
        #expect(run.started == [4])
    }

    @Test("trap 37: work that waits to land keeps what it cost put by, and lets nobody spend it again")
    func waitingLanding() {
        var run = MachineFixture([item("a"), item("b")]) { $0.budget.total.usd = 1 }
        #expect(run.started == [1])
        var obstacle = RunMachine.Obstacle(reason: "notes.txt is changed", needsPerson: true)
        var bill = Bill()
        (bill.usd, bill.tokens) = (0.9, 5)
        obstacle.bill = bill
        run.send(.landingObstructed(ItemID(1), obstacle))
        #expect(run.machine.ledger.spentInTotal == Outlay(usd: 0.9, tokens: 5))
        #expect(run.started.isEmpty)
        #expect(run.machine.project.hold?.kind == .budget)
        run.send(.woke, after: 5)
        #expect(run.log.contains(.landAgain(ItemID(1))), "it is paid for")
        #expect(run.machine.project.hold?.tries == 0)
        run.end(1, .landed) { $0.bill = bill }
        #expect(run.machine.ledger.spentInTotal == Outlay(usd: 0.9, tokens: 5))
    }

    @Test("a cost counts on the day of its last run of an agent, not on that of its landing")
    func chargedDay() {
        var run = MachineFixture([item("a"), item("b")]) { $0.budget.day.usd = 1 }
        var bill = Bill()
        (bill.usd, bill.at) = (0.9, run.now)
        var obstacle = RunMachine.Obstacle(reason: "notes.txt is changed", needsPerson: true)
        obstacle.bill = bill
        run.send(.landingObstructed(ItemID(1), obstacle))
        #expect(run.started.isEmpty)
        #expect(
            run.machine.allowance(ofWaiting: ItemID(1), now: run.now).left(after: bill.charge).cap.usd ?? 1
                < 0.11
        )
        run.send(.woke, after: 86_400)
        #expect(run.log.contains(.landAgain(ItemID(1))))
        #expect(
            run.machine.allowance(ofWaiting: ItemID(1), now: run.now).left(after: bill.charge).cap.usd ?? 0
                > 0.99
        )
        run.end(1, .landed) { $0.bill = bill }
        #expect(run.started == [2])
        #expect(allowances(run).first?.cap.usd == 1)
    }

    @Test("what was spent before a restart counts, and what is put by for an iteration that goes on")
    func restart() {
        var rules = Rules()
        rules.agents = [AgentChoice(name: "claude")]
        rules.budget.day.usd = 1
        var machine = RunMachine(rules: rules, seed: 1)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        var ledger = Ledger()
        ledger.recent = [Ledger.Entry(at: now.addingTimeInterval(-60), charge: Outlay(usd: 0.6))]
        ledger.known = [Outlay(usd: 0.3)]
        ledger.reserved[ItemID(9)] = Ceiling(usd: 0.3)
        _ = machine.handle(.loaded([], [], ProjectMood(), ledger), now: now)
        _ = machine.handle(.read(MachineFixture.reading([item("a")])), now: now)
        #expect(machine.project.state == .waiting)
    }
}

extension IterationRecord {
    fileprivate static var sample: IterationRecord {
        IterationRecord(
            id: IterationID(1),
            uuid: "u",
            item: ItemID(1),
            ordinal: 1,
            agent: AgentChoice(name: "claude"),
            startedAt: Date(timeIntervalSince1970: 0),
            target: "refs/heads/main",
            base: ObjectID("b"),
            logDirectory: "logs/1"
        )
    }
}
