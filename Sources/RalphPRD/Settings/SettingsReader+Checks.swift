import RalphCore

extension SettingsReader {
    private static let checkKeys = ["name", "run", "timeout", "retry", "paths"]
    private static let agentKeys = ["command", "prompt", "output", "env"]

    /// A list of commands or maps; one command alone is a list of one.
    mutating func checks(_ entry: SettingsNode.Entry) -> [Check]? {
        var nodes: [SettingsNode]
        switch entry.value {
        case .list(let list, _): nodes = list
        case .scalar, .map: nodes = [entry.value]
        case .null(let place):
            error(
                place,
                "`checks` is empty; write `checks: [make test]`, or `checks: []` for none on purpose"
            )
            return nil
        }
        let before = problems.count
        var checks: [Check] = []
        for node in nodes {
            guard var check = check(node) else { continue }
            if isPRD { check.line = node.place.line }
            checks.append(check)
        }
        guard problems.count == before else { return nil }
        return named(checks, nodes)
    }

    private mutating func check(_ node: SettingsNode) -> Check? {
        switch node {
        case .scalar(let command, _) where !command.isEmpty: return Check(name: "", run: command)
        case .map(let entries, let place):
            var check = Check(name: "", run: "")
            for entry in entries { read(entry, into: &check) }
            if check.run.isEmpty, !entries.contains(where: { $0.key == "run" }) {
                error(place, "this check has no command; write `{name: test, run: make test}`")
            }
            return check
        default:
            error(
                node.place,
                "a check is a command or a map, not \(node.kindName); write `make test` or `{name: test, run: make test}`"
            )
            return nil
        }
    }

    private mutating func read(_ entry: SettingsNode.Entry, into check: inout Check) {
        switch entry.key {
        case "name": check.name = string(entry, example: "name: test") ?? ""
        case "run": check.run = string(entry, example: "run: make test") ?? ""
        case "timeout": check.timeout = duration(entry) ?? check.timeout
        case "retry": check.retry = number(entry, 0...10) ?? 0
        case "paths": check.paths = strings(entry, example: "paths: [docs/**]") ?? []
        default: unknown(entry, keys: Self.checkKeys, of: "checks")
        }
    }

    /// Every check gets a name of its own; two that the author named alike are an error.
    private mutating func named(_ checks: [Check], _ nodes: [SettingsNode]) -> [Check]? {
        var taken: Set<String> = []
        for (check, node) in zip(checks, nodes) where !check.name.isEmpty {
            if !taken.insert(check.name).inserted {
                error(node.place, "two checks are named `\(check.name)`; name them apart")
                return nil
            }
        }
        return checks.map { check in
            guard check.name.isEmpty else { return check }
            var named = check
            let stem = Self.defaultName(of: check.run)
            named.name = stem
            var number = 1
            while !taken.insert(named.name).inserted {
                number += 1
                named.name = "\(stem)-\(number)"
            }
            return named
        }
    }

    /// The first words of a command that are no paths, options or assignments, at most two: `make test`, `npm run`.
    static func defaultName(of command: String) -> String {
        var words: [String] = []
        for word in command.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
            if words.isEmpty {
                if word.contains("=") { continue }
                let base = word.split(separator: "/").last ?? word
                words.append(String(base.prefix(30)))
                continue
            }
            let isWord = word.utf8.allSatisfy { Byte.isAlphanumeric($0) || "-_:.".utf8.contains($0) }
            if isWord, !word.hasPrefix("-"), word.utf8.count <= 30 { words.append(String(word)) }
            break
        }
        return words.isEmpty ? "check" : words.joined(separator: " ")
    }

    mutating func customAgents(_ entry: SettingsNode.Entry) -> [String: CustomAgent] {
        guard case .map(let agents, _) = entry.value else {
            error(
                entry.value.place,
                "`agents` takes a map, not \(entry.value.kindName); write `agents: {mine: {command: [my-agent]}}`"
            )
            return [:]
        }
        var result: [String: CustomAgent] = [:]
        for agent in agents {
            if AgentChoice(text: agent.key)?.model != nil || AgentChoice(text: agent.key) == nil {
                error(agent.place, "`\(agent.key)` is no name for an agent; leave out blanks and colons")
                continue
            }
            guard case .map(let entries, let place) = agent.value else {
                error(
                    agent.value.place,
                    "`\(agent.key)` takes a map; write `\(agent.key): {command: [my-agent]}`"
                )
                continue
            }
            var custom = CustomAgent(command: [])
            for entry in entries { read(entry, into: &custom) }
            if custom.command.isEmpty, !entries.contains(where: { $0.key == "command" }) {
                error(place, "`\(agent.key)` has no command; write `command: [my-agent, --flag]`")
            }
            result[agent.key] = custom
        }
        return result
    }

    private mutating func read(_ entry: SettingsNode.Entry, into agent: inout CustomAgent) {
        switch entry.key {
        case "command":
            agent.command = strings(entry, example: "command: [my-agent, --flag]") ?? []
            if case .list(let list, let place) = entry.value, list.isEmpty {
                error(place, "`command` is empty; write `command: [my-agent, --flag]`")
            }
            // It would be looked for in the workspace, where an earlier item may have changed it.
            if let program = agent.command.first, program.contains("/"), !program.hasPrefix("/") {
                error(
                    entry.value.place,
                    "`\(program)` is a relative path; write an absolute one, or a name on PATH"
                )
            }
        case "prompt": agent.prompt = choice(entry) ?? agent.prompt
        case "output": agent.output = choice(entry) ?? agent.output
        case "env": agent.environment = variableNames(entry) ?? []
        default: unknown(entry, keys: Self.agentKeys, of: "agents")
        }
    }
}
