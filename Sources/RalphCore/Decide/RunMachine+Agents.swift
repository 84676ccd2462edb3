import struct Foundation.Date

extension RunMachine {
    /// A limit without a stated reset is asked again after this, doubling.
    private static let unstatedLimitWait = 300.0
    private static let longestUnstatedWait = 3600.0
    /// Added to a stated reset, so that a crowd does not wake in the same second: at most this, and at most a tenth of
    /// the wait.
    private static let resetSlack = 60.0
    /// A provider that refuses again although its own reset is over, or again and again with a near one, is not asked at
    /// once: so long, doubling.
    private static let repeatedRefusalWait = 60.0
    private static let believedRefusals = 3
    private static let firstOutage = 10.0
    private static let longestOutage = 300.0
    /// A set-aside agent is asked again after so long at the latest: what was wrong with it may have been mended where nobody
    /// sees it from here, such as an account at the provider.
    private static let setAsideTime = 6 * 3600.0
    /// Strikes for each rung of the ladder.
    private static let strikesPerRung = 2

    /// The agents that may take an item, best first. `model=` without `agent=` is meant for the first of the project's list;
    /// an item that names its own agent or model is not escalated.
    package func choices(for record: ItemRecord) -> [AgentChoice] {
        let attributes = record.item.attributes
        if let own = attributes.agent {
            return [AgentChoice(name: own.name, model: attributes.model ?? own.model)]
        }
        guard let bottom = rules.escalate.first else {
            var choices = rules.agents
            if let model = attributes.model, !choices.isEmpty { choices[0].model = model }
            return choices
        }
        // Who stands on the ladder stands in for nobody: a lower rung has failed already, a higher one costs more.
        let others = rules.agents.filter { !rules.escalate.contains($0) }
        if let model = attributes.model { return [AgentChoice(name: bottom.name, model: model)] + others }
        return [rules.escalate[rung(of: record)]] + others
    }

    /// One up after every second strike.
    private func rung(of record: ItemRecord) -> Int {
        min(record.strikes / Self.strikesPerRung, rules.escalate.count - 1)
    }

    /// What the history is told when an item is given to a bigger model.
    func escalation(of record: ItemRecord, to agent: AgentChoice) -> String? {
        guard rules.escalate.count > 1, record.item.attributes.agent == nil,
            record.item.attributes.model == nil,
            record.strikes > 0, record.strikes % Self.strikesPerRung == 0,
            record.strikes / Self.strikesPerRung < rules.escalate.count,
            agent == rules.escalate[rung(of: record)], record.lastTry?.outcome.isStrike == true
        else { return nil }
        return "escalated to \(agent) after \(record.strikes) strikes"
    }

    func limit(on choice: AgentChoice) -> AgentRecord? {
        [choice.name, choice.modelName].compactMap { agents[$0] }.first { $0.state != .ready }
    }

    func availableAgent(for record: ItemRecord) -> AgentChoice? {
        choices(for: record).first { limit(on: $0) == nil }
    }

    /// Why an item waits for its agents, and until when at the earliest.
    func agentWait(of record: ItemRecord) -> (reason: String, until: Date?) {
        let states = choices(for: record).compactMap { limit(on: $0) }
        if states.isEmpty { return ("no agent is configured: set agent: in the PRD", nil) }
        var names: Set<String> = []
        let words = states.filter { names.insert($0.name).inserted }.map { agent in
            let why = agent.message.map { ": \($0)" } ?? ""
            return switch agent.state {
            case .asleep: "\(agent.name) is asleep until its limit resets\(why)"
            case .backingOff: "\(agent.name) is backing off\(why)"
            case .setAside: "\(agent.name) is set aside\(agent.message == nil ? ": it failed" : why)"
            case .ready: "\(agent.name) is ready"
            }
        }
        // For an agent that is set aside a person may have to do something: nothing waits for its instant alone.
        return (
            words.joined(separator: "; "), states.filter { $0.state != .setAside }.compactMap(\.until).min()
        )
    }

    /// When the first of an item's agents that are set aside is asked again by itself.
    func nextTrial(of record: ItemRecord) -> Date? {
        choices(for: record).compactMap { limit(on: $0) }.filter { $0.state == .setAside }.compactMap(\.until)
            .min()
    }

    /// Agents whose wait is over may be asked again.
    mutating func wakeAgents(now: Date) {
        for name in agents.keys.sorted() {
            guard let agent = agents[name], let until = agent.until, until <= now else { continue }
            changeAgent(name) {
                $0.state = .ready
                $0.until = nil
                $0.message = nil
            }
        }
    }

    mutating func sleepAgent(_ end: IterationResult, now: Date) {
        let name = end.agent.sleeper(limitedModel: end.limitedModel)
        sleepAgent(name, end.detail ?? "usage limit", until: end.limitReset, now: now)
    }

    mutating func sleepAgent(_ name: String, _ message: String, until reset: Date?, now: Date) {
        let factor = jitter.factor()
        changeAgent(name) { agent in
            agent.refusals += 1
            agent.state = .asleep
            agent.message = message
            agent.until = Self.wake(after: reset, refusals: agent.refusals, factor: factor, now: now)
        }
    }

    private static func wake(after reset: Date?, refusals: Int, factor: Double, now: Date) -> Date {
        guard let reset else {
            let wait = min(unstatedLimitWait * power(refusals - 1), longestUnstatedWait)
            return now.addingTimeInterval(wait * factor).wholeMilliseconds
        }
        let wait = max(0, reset.timeIntervalSince(now))
        // The factor is 0.8 … 1.2.
        var instant = max(reset, now).addingTimeInterval(min(resetSlack, wait / 10) * (factor - 0.8) / 0.4)
        let isStale = wait < 1 && refusals > 1
        if isStale || refusals > believedRefusals {
            let doublings = isStale ? refusals - 2 : refusals - believedRefusals - 1
            let least = min(repeatedRefusalWait * power(doublings), longestUnstatedWait)
            instant = max(instant, now.addingTimeInterval(least * factor))
        }
        return instant.wholeMilliseconds
    }

    mutating func setAside(_ end: IterationResult, _ message: String? = nil, now: Date) {
        changeAgent(end.agent.name) { agent in
            agent.refusals += 1
            agent.state = .setAside
            agent.until = now.addingTimeInterval(Self.setAsideTime).wholeMilliseconds
            agent.message = message ?? end.detail ?? end.outcome.rawValue
        }
    }

    /// An outage: the next in the order takes the item meanwhile. False when there is none, and the item itself waits.
    mutating func sitOutOutage(_ end: IterationResult, now: Date) -> Bool {
        guard end.outcome == .unavailable, let record = items[end.item],
            choices(for: record).contains(where: { $0.name != end.agent.name && limit(on: $0) == nil })
        else { return false }
        let factor = jitter.factor()
        changeAgent(end.agent.name) { agent in
            agent.refusals += 1
            agent.state = .backingOff
            agent.message = end.detail ?? "an outage"
            let wait = min(Self.firstOutage * Self.power(agent.refusals - 1), Self.longestOutage)
            agent.until = now.addingTimeInterval(wait * factor).wholeMilliseconds
        }
        return true
    }

    /// An answer of any other kind ends a row of refusals.
    mutating func noteAnswer(_ end: IterationResult) {
        guard end.outcome != .rateLimited, end.outcome != .unavailable, !end.isInstantFailure,
            end.outcome.consequence != .agentSetAside
        else { return }
        forgetRefusals(of: end.agent)
    }

    mutating func forgetRefusals(of agent: AgentChoice) {
        for name in [agent.name, agent.description] where agents[name]?.refusals ?? 0 > 0 {
            changeAgent(name) { $0.refusals = 0 }
        }
    }

    /// An agent that failed at once, without a stream, three times in a row is set aside, loudly, and its strikes are given
    /// back; so is one that fails so when it is asked again after that. True when it was; one that is alone and silent holds
    /// the project instead.
    mutating func noteInstantFailure(_ end: IterationResult, now: Date) -> Bool {
        let name = end.agent.name
        guard end.isInstantFailure else {
            instantFailures[name] = nil
            suspects.remove(name)
            return false
        }
        instantFailures[name, default: []].append(end.item)
        guard let items = instantFailures[name], items.count >= Self.tooManyInARow || suspects.contains(name)
        else {
            return false
        }
        let others = (rules.agents + rules.escalate).contains { $0.name != name && limit(on: $0) == nil }
        guard others || !end.isSilentDeath else { return false }
        instantFailures[name] = nil
        for item in items.dropLast() where end.outcome.isStrike {
            change(item) { $0.strikes = max(0, $0.strikes - 1) }
        }
        let times = suspects.contains(name) ? "failed again" : "failed \(items.count) times in a row"
        suspects.insert(name)
        setAside(end, times + " within 5 s" + (end.detail.map { ": \($0)" } ?? ""), now: now)
        return true
    }

    /// What an agent was set aside for has changed: it is asked again.
    mutating func reinstate(_ name: String) {
        for key in agents.keys where key == name || key.hasPrefix(name + ":") {
            guard agents[key]?.state == .setAside else { continue }
            changeAgent(key) { $0 = AgentRecord(name: key) }
        }
    }

    /// 2^n, bounded so that a year of outages cannot overflow it.
    static func power(_ n: Int) -> Double { Double(1 << min(max(n, 0), 20)) }
}

extension Date {
    /// Rounded up to what the history keeps, so that no wait ends before its time when it is read back.
    fileprivate var wholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded(.up) / 1000)
    }
}
