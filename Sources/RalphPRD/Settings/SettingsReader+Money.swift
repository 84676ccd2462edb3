import Foundation
import RalphCore

extension SettingsReader {
    private static let budgetKeys = Budget.Scope.allCases.map(\.rawValue) + ["zone"]
    private static let priceKeys = ["input", "output", "cache-read", "cache-write"]
    private static let limitKeys = ["budget", "attempts", "timeout", "idle-timeout"]
    private static let budgetExample = "budget: {item: $5, day: $20}"
    private static let priceExample = "prices: {codex: {input: 1.25, output: 10, cache-read: 0.125}}"
    /// Nobody asks for more for a million tokens.
    private static let highestPrice = 1e6

    /// `{iteration: $2, item: $5, day: 20M tokens, total: [$100, 500M tokens]}`.
    mutating func budget(_ entry: SettingsNode.Entry, into budget: inout Budget) {
        guard case .map(let entries, _) = entry.value else {
            return error(
                entry.value.place,
                "`\(entry.key)` takes a map, not \(entry.value.kindName); write `\(Self.budgetExample)`"
            )
        }
        for entry in entries {
            if let scope = Budget.Scope(rawValue: entry.key) {
                budget[scope] = ceiling(entry) ?? budget[scope]
            } else if entry.key == "zone" {
                budget.zone = zone(entry) ?? budget.zone
            } else {
                unknown(entry, keys: Self.budgetKeys, of: "budget")
            }
        }
    }

    /// An amount, or one of money and one of tokens.
    private mutating func ceiling(_ entry: SettingsNode.Entry) -> Ceiling? {
        let texts: [SettingsNode]
        if case .list(let list, _) = entry.value { texts = list } else { texts = [entry.value] }
        var sum = Ceiling()
        for node in texts {
            guard case .scalar(let text, _) = node, let part = MoneyText.parse(text) else {
                error(
                    node.place,
                    "`\(entry.key)` is \(node.kindName); write dollars like $2.50 or tokens like 500k tokens"
                )
                return nil
            }
            guard part.usd == nil || sum.usd == nil, part.tokens == nil || sum.tokens == nil else {
                error(node.place, "`\(entry.key)` has two amounts of one kind; leave one out")
                return nil
            }
            sum = sum.lowered(to: part)
        }
        if sum.isOpen {
            error(entry.value.place, "`\(entry.key)` is empty; write dollars like $2.50, or leave it out")
        }
        return sum.isOpen ? nil : sum
    }

    private mutating func zone(_ entry: SettingsNode.Entry) -> String? {
        if case .scalar(let text, _) = entry.value, TimeZone(identifier: text) != nil { return text }
        error(
            entry.value.place,
            "`zone` is \(entry.value.kindName); write the name of a time zone, like UTC or Europe/Berlin"
        )
        return nil
    }

    /// By agent, or agent and model: USD for a million tokens.
    mutating func prices(_ entry: SettingsNode.Entry) -> [String: Price]? {
        guard case .map(let agents, _) = entry.value else {
            error(
                entry.value.place,
                "`prices` takes a map, not \(entry.value.kindName); write `\(Self.priceExample)`"
            )
            return nil
        }
        var prices: [String: Price] = [:]
        for agent in agents {
            guard AgentChoice(text: agent.key) != nil else {
                error(agent.place, "`\(agent.key)` is no agent; write `\(Self.priceExample)`")
                continue
            }
            prices[agent.key] = price(agent)
        }
        return prices
    }

    private mutating func price(_ agent: SettingsNode.Entry) -> Price? {
        guard case .map(let entries, let place) = agent.value else {
            error(
                agent.value.place,
                "`prices: \(agent.key)` takes dollars for a million tokens by class; write `\(Self.priceExample)`"
            )
            return nil
        }
        var amounts: [String: Double] = [:]
        for entry in entries {
            guard Self.priceKeys.contains(entry.key) else {
                unknown(entry, keys: Self.priceKeys, of: "prices")
                continue
            }
            amounts[entry.key] = dollarsPerMillion(entry)
        }
        guard let input = amounts["input"], let output = amounts["output"] else {
            if ["input", "output"].contains(where: { key in !entries.contains { $0.key == key } }) {
                error(
                    place,
                    "`prices: \(agent.key)` needs `input` and `output`; write `\(Self.priceExample)`"
                )
            }
            return nil
        }
        return Price(
            input: input,
            output: output,
            cacheRead: amounts["cache-read"],
            cacheWrite: amounts["cache-write"]
        )
    }

    private mutating func dollarsPerMillion(_ entry: SettingsNode.Entry) -> Double? {
        if case .scalar(let text, _) = entry.value {
            let digits = text.hasPrefix("$") ? String(text.dropFirst()) : text
            if let usd = Double(digits), usd.isFinite, (0...Self.highestPrice).contains(usd) { return usd }
        }
        error(
            entry.value.place,
            "`\(entry.key)` is \(entry.value.kindName); write the dollars for a million tokens, like 1.25"
        )
        return nil
    }

    /// `22:00-07:00`, or a list of such.
    mutating func hours(_ entry: SettingsNode.Entry) -> WorkingHours? {
        let example = "hours: 22:00-07:00"
        guard let texts = strings(entry, example: example) else { return nil }
        var spans: [WorkingHours.Span] = []
        for text in texts {
            guard let hours = WorkingHours(text: text) else {
                error(entry.value.place, "`hours` is `\(text)`; write times of the day like `\(example)`")
                return nil
            }
            spans += hours.spans
        }
        if spans.isEmpty { error(entry.value.place, "`hours` is empty; write `\(example)`, or leave it out") }
        return spans.isEmpty ? nil : WorkingHours(spans)
    }

    /// A ladder has at least two rungs, and none twice.
    mutating func ladder(_ entry: SettingsNode.Entry) -> [AgentChoice]? {
        let example = "escalate: [claude:sonnet, claude:opus]"
        guard let texts = strings(entry, example: example) else { return nil }
        let choices = texts.compactMap(AgentChoice.init(text:))
        if choices.count == texts.count, choices.count > 1, Set(choices).count == choices.count {
            return choices
        }
        error(
            entry.value.place,
            "`escalate` takes two agents or more, from small to big and each once; write `\(example)`"
        )
        return nil
    }

    /// What a front matter may ask for at most.
    mutating func limits(_ entry: SettingsNode.Entry) -> Limits {
        var limits = Limits()
        guard case .map(let entries, _) = entry.value else {
            error(
                entry.value.place,
                "`limits` takes a map, not \(entry.value.kindName); write `limits: {budget: {day: $20}, timeout: 2h}`"
            )
            return limits
        }
        for entry in entries {
            switch entry.key {
            case "budget": budget(entry, into: &limits.budget)
            case "attempts": limits.attempts = number(entry, 1...100)
            case "timeout": limits.timeout = duration(entry)
            case "idle-timeout": limits.idleTimeout = duration(entry)
            default: unknown(entry, keys: Self.limitKeys, of: "limits")
            }
        }
        return limits
    }
}
