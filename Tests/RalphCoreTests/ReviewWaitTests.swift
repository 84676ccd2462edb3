import Foundation
import Testing

@testable import RalphCore

@Suite("Work that waits for its review")
struct ReviewWaitTests {
    private static let critic = AgentChoice(name: "critic")

    private func reviewed(_ keys: [String], _ edit: (inout Rules) -> Void = { _ in }) -> MachineFixture {
        MachineFixture(keys.map { item($0) }) {
            $0.reviewer = Self.critic
            edit(&$0)
        }
    }

    private func asks(_ run: MachineFixture) -> Bool { run.log.contains(.landAgain(ItemID(1))) }

    /// An item whose author spent 90 cents and whose work waits for a review that there is no money for.
    private func waitingReview(_ edit: (inout Rules) -> Void = { _ in }) -> MachineFixture {
        var run = MachineFixture([item("a")]) {
            $0.reviewer = Self.critic
            edit(&$0)
        }
        var bill = Bill()
        bill.usd = 0.9
        var obstacle = RunMachine.Obstacle.noMoney(for: Self.critic, of: .total)
        obstacle.bill = bill
        run.send(.landingObstructed(ItemID(1), obstacle))
        return run
    }

    @Test("a review has what the author left of the wider ceilings, and the iteration's ceiling anew")
    func reviewAllowance() {
        let run = waitingReview {
            $0.budget.iteration.usd = 0.5
            $0.budget.total.usd = 1
            $0.budget.item.usd = 5
        }
        let whole = run.machine.allowance(ofWaiting: ItemID(1), now: run.now)
        #expect(whole.left(after: Outlay(usd: 0.25)).cap == Ceiling(usd: 0.5))
        let left = whole.left(after: Outlay(usd: 0.9))
        #expect(left.cap.usd.map { abs($0 - 0.1) < 1e-9 } == true)
        #expect(left.usdScope == .total)
        #expect(left.exhausted == nil)
        #expect(whole.left(after: Outlay(usd: 1)).exhausted == .total)
        #expect(run.log.contains(.landAgain(ItemID(1))), "there is money: it is asked for at once")
    }

    @Test("without money for it a review is not asked for: the total holds, a day waits, an item is blocked")
    func reviewWithoutMoney() {
        var run = waitingReview { $0.budget.total.usd = 0.9 }
        #expect(!run.log.contains(.landAgain(ItemID(1))))
        #expect(run.machine.project.hold?.kind == .budget)
        #expect(run.item(1).reason?.hasPrefix("no review yet: the project's budget of $0.90") == true)
        #expect(run.exitCode == ExitCode.needsPerson)
        run.send(.woke, after: 60)
        #expect(run.machine.project.hold?.tries == 1)
        #expect(!run.log.contains(.landAgain(ItemID(1))))
        var rules = run.machine.rules
        rules.budget.total.usd = 2
        run.send(.rulesChanged(rules))
        #expect(run.log.contains(.landAgain(ItemID(1))))

        run = waitingReview { $0.budget.day.usd = 0.9 }
        #expect(run.machine.project.state == .waiting)
        #expect(run.item(1).reason?.hasPrefix("no review yet: today's budget of $0.90") == true)
        #expect(run.machine.project.until == run.wake)
        #expect(run.exitCode == nil)

        run = waitingReview { $0.budget.item.usd = 0.9 }
        #expect(run.item(1).block?.kind == .blocked)
        #expect(run.item(1).block?.message.contains("raise `budget: {item: …}`") == true)
        #expect(run.exitCode == ExitCode.needsPerson)
        rules = run.machine.rules
        rules.budget.item.usd = 2
        run.send(.rulesChanged(rules))
        #expect(run.log.contains(.landAgain(ItemID(1))))
        run.end(1, .landed)
        #expect(run.item(1).block == nil)
    }

    @Test("a reviewer who is limited again and again although each limit is over needs a person")
    func staleLimit() {
        var run = reviewed(["a"])
        for n in 1...3 {
            let obstacle = RunMachine.Obstacle.review(
                by: Self.critic,
                "limit",
                until: run.now.addingTimeInterval(-1)
            )
            run.send(.landingObstructed(ItemID(1), obstacle), after: 15)
            #expect((run.item(1).block != nil) == (n == 3))
        }
        #expect(run.wake.map { $0.timeIntervalSince(run.now) > 1800 } == true)
    }

    @Test("a reviewer's limit puts its agent to sleep for all, and the work waits for it without being asked")
    func sleeper() {
        var run = reviewed(["a", "b"]) { $0.agents = [Self.critic, AgentChoice(name: "claude")] }
        let reset = run.now.addingTimeInterval(3600)
        let limit = RunMachine.Obstacle.review(by: Self.critic, "limit", until: reset, sleeper: "critic")
        run.send(.landingObstructed(ItemID(1), limit))
        #expect(run.machine.agents["critic"]?.state == .asleep)
        let wake = run.machine.agents["critic"]?.until
        #expect(wake.map { $0 >= reset } == true)
        #expect(run.machine.parked[ItemID(1)]?.next == wake)
        #expect(run.startedAgents == ["claude"])
        run.end(2, .landed)
        #expect(run.exitCode == nil)
        let rest = RunMachine.Obstacle.review(by: Self.critic, "limit", until: reset, lack: .rest)
        run.send(.landingObstructed(ItemID(1), rest), after: 3599)
        #expect(run.item(1).block == nil)
        run.send(.woke, after: 1)
        #expect(asks(run))
    }

    @Test("a reviewer who needs mending lets nothing else begin, needs a person, and is asked again on retry")
    func mending() {
        var run = reviewed(["a", "b"])
        run.send(
            .landingObstructed(ItemID(1), .review(by: Self.critic, "no login", until: nil, lack: .mending))
        )
        #expect(run.started.isEmpty)
        #expect(run.exitCode == ExitCode.needsPerson)
        run.send(.steer(.retryAgent("critic")))
        #expect(asks(run))
        #expect(run.machine.project.state == .running)
        #expect(run.item(1).state == .running)
        run.end(1, .landed)
        #expect(run.started == [2])
    }

    @Test("work waits for no review that is asked for no more, and is looked at again under another reviewer")
    func reviewRemoved() {
        var run = waitingReview { $0.budget.total.usd = 0.9 }
        #expect(!asks(run))
        var rules = run.machine.rules
        rules.reviewer = nil
        run.send(.rulesChanged(rules))
        #expect(asks(run))

        run = reviewed(["a"])
        let limit = RunMachine.Obstacle.review(
            by: Self.critic,
            "limit",
            until: run.now.addingTimeInterval(86_400)
        )
        run.send(.landingObstructed(ItemID(1), limit))
        #expect(!asks(run))
        rules = run.machine.rules
        rules.reviewer = AgentChoice(name: "judge")
        run.send(.rulesChanged(rules))
        #expect(asks(run))
    }

    @Test("outside the hours no review begins")
    func hours() throws {
        var run = waitingReview { $0.budget.total.usd = 0.9 }
        var rules = run.machine.rules
        rules.budget.total.usd = 5
        rules.zone = .gmt
        let night = try #require(WorkingHours(text: "00:00-00:01"))
        rules.hours = night
        run.send(.rulesChanged(rules))
        #expect(!asks(run))
        #expect(run.machine.project.state == .waiting)
        rules.hours = nil
        run.send(.rulesChanged(rules))
        #expect(asks(run))
    }

    @Test("--until-done waits for a reviewer's reset, and says why it is too far")
    func untilDone() {
        for (longest, code) in [(Duration.seconds(7200), nil), (.seconds(60), ExitCode.waitTooLong)] {
            var run = reviewed(["a"]) { $0.longestWait = longest }
            let limit = RunMachine.Obstacle.review(
                by: Self.critic,
                "limit",
                until: run.now.addingTimeInterval(3600)
            )
            run.send(.landingObstructed(ItemID(1), limit))
            #expect(run.exitCode == code)
            #expect(run.machine.project.state == .waiting)
            guard let code else { continue }
            #expect(
                run.machine.closingWords(exitCode: code, now: run.now).contains(
                    "no review yet: critic: limit"
                )
            )
        }
    }

    @Test("retry of work that is short of money for its review keeps the work and forgives what it cost")
    func retryShort() {
        var run = waitingReview { $0.budget.item.usd = 0.9 }
        #expect(run.item(1).block?.kind == .blocked)
        run.send(.steer(.retry(ItemID(1), note: nil, fresh: false)))
        #expect(run.started.isEmpty)
        #expect(asks(run))
        var bill = Bill()
        bill.usd = 1
        run.end(1, .landed) { $0.bill = bill }
        #expect(abs(run.item(1).spent.usd - 0.1) < 1e-9)
        #expect(run.machine.ledger.spentInTotal.usd == 1, "the project's ceilings forget nothing")
    }

    @Test("work that an earlier life left under review is asked about again, and its vain reviews count on")
    func resumed() {
        var run = reviewed(["a"])
        run.machine.resumeLanding(of: ItemID(1), Bill(), reviews: 2, now: run.now)
        run.send(.woke)
        #expect(asks(run))
        #expect(run.machine.project.state == .running)
        run.send(.landingObstructed(ItemID(1), .review(by: Self.critic, "no verdict", until: nil)))
        #expect(run.item(1).block != nil)
    }
}
