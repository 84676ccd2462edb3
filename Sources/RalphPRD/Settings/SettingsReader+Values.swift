import RalphCore

extension SettingsReader {
    mutating func string(_ entry: SettingsNode.Entry, example: String) -> String? {
        if case .scalar(let text, _) = entry.value, !text.isEmpty { return text }
        error(
            entry.value.place,
            "`\(entry.key)` takes one text, not \(entry.value.kindName); write `\(example)`"
        )
        return nil
    }

    /// A list of texts; one text alone is a list of one.
    mutating func strings(_ entry: SettingsNode.Entry, example: String) -> [String]? {
        switch entry.value {
        case .scalar(let text, _) where !text.isEmpty: return [text]
        case .list(let nodes, _):
            var texts: [String] = []
            for node in nodes {
                guard case .scalar(let text, _) = node, !text.isEmpty else {
                    error(
                        node.place,
                        "`\(entry.key)` takes a list of texts, and \(node.kindName) is none; write `\(example)`"
                    )
                    return nil
                }
                texts.append(text)
            }
            return texts
        default:
            error(
                entry.value.place,
                "`\(entry.key)` takes a list of texts, not \(entry.value.kindName); write `\(example)`"
            )
            return nil
        }
    }

    mutating func choice(_ entry: SettingsNode.Entry, of allowed: [String]) -> String? {
        if case .scalar(let text, _) = entry.value, allowed.contains(text) { return text }
        error(
            entry.value.place,
            "`\(entry.key)` is \(entry.value.kindName); allowed are \(allowed.joined(separator: ", "))"
        )
        return nil
    }

    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ entry: SettingsNode.Entry)
        -> Value?
    {
        choice(entry, of: Value.allCases.map(\.rawValue)).flatMap(Value.init)
    }

    mutating func number(_ entry: SettingsNode.Entry, _ range: ClosedRange<Int>) -> Int? {
        if case .scalar(let text, _) = entry.value, let number = Int(text), range.contains(number) {
            return number
        }
        error(
            entry.value.place,
            "`\(entry.key)` is \(entry.value.kindName); allowed are numbers from \(range.lowerBound) to \(range.upperBound)"
        )
        return nil
    }

    mutating func duration(_ entry: SettingsNode.Entry) -> Duration? {
        if case .scalar(let text, _) = entry.value, let duration = DurationText.parse(text) {
            return duration
        }
        error(
            entry.value.place,
            "`\(entry.key)` is \(entry.value.kindName); write a duration like 90s, 30m, 1h30m or 2d"
        )
        return nil
    }

    /// The project's name is part of paths and unit names.
    mutating func name(_ entry: SettingsNode.Entry) -> String? {
        guard let name = string(entry, example: "name: tally") else { return nil }
        let isPlain = name.utf8.allSatisfy { Byte.isAlphanumeric($0) || "._-".utf8.contains($0) }
        if isPlain, name.utf8.count <= 64, name.utf8.first.map(Byte.isAlphanumeric) == true { return name }
        error(
            entry.value.place,
            "`name` is `\(name)`; allowed are up to 64 ASCII letters, digits, `.`, `_` and `-`, with a letter or digit first"
        )
        return nil
    }

    /// Names of environment variables; whoever writes a value is told not to.
    mutating func variableNames(_ entry: SettingsNode.Entry) -> [String]? {
        if case .map = entry.value {
            error(
                entry.value.place,
                "`\(entry.key)` takes names of variables, never values; write `env: [NAME]`"
            )
            return nil
        }
        guard let names = strings(entry, example: "env: [NAME]") else { return nil }
        for name in names where !Self.isVariableName(name) {
            let shown = name.split(separator: "=").first.map(String.init) ?? name
            error(
                entry.value.place,
                "`\(entry.key)` takes names of variables, never values; write `env: [\(shown)]` and set it for the daemon"
            )
            return nil
        }
        return names
    }

    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !Byte.isDigit(first) else { return false }
        return name.utf8.allSatisfy { Byte.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    /// `claude` or `[claude:opus, codex]`.
    mutating func agentChoices(_ entry: SettingsNode.Entry) -> [AgentChoice]? {
        guard let texts = strings(entry, example: "agent: [claude, codex]") else { return nil }
        let choices = texts.compactMap(AgentChoice.init(text:))
        if choices.count == texts.count, !choices.isEmpty { return choices }
        error(
            entry.value.place,
            "`agent` takes one name or a list of them; write `agent: claude` or `agent: [claude:opus, codex]`"
        )
        return nil
    }

    /// `codex`, `claude:opus`, or `{agent: codex, timeout: 30m}`.
    mutating func review(_ entry: SettingsNode.Entry) -> ReviewSettings? {
        let example = "review: claude:opus` or `review: {agent: codex, timeout: 30m}"
        if case .scalar(let text, _) = entry.value, let agent = AgentChoice(text: text) {
            return ReviewSettings(agent: agent)
        }
        guard case .map(let entries, _) = entry.value else {
            error(
                entry.value.place,
                "`review` takes one agent, not \(entry.value.kindName); write `\(example)`"
            )
            return nil
        }
        var review: ReviewSettings?
        var timeout: Duration?
        let known = problems.count
        for part in entries {
            switch part.key {
            case "agent":
                guard case .scalar(let text, _) = part.value, let agent = AgentChoice(text: text) else {
                    error(part.value.place, "`review: agent` takes one agent; write `\(example)`")
                    return nil
                }
                review = ReviewSettings(agent: agent)
            case "timeout": timeout = duration(part)
            default: unknown(part, keys: ["agent", "timeout"], of: "review")
            }
        }
        if review == nil, problems.count == known {
            error(entry.place, "`review` names no agent; write `\(example)`")
        }
        if let timeout { review?.timeout = timeout }
        return review
    }

    /// By key of a map: its line.
    func lines(_ entry: SettingsNode.Entry) -> [String: Int] {
        guard case .map(let entries, _) = entry.value else { return [:] }
        return Dictionary(entries.map { ($0.key, $0.place.line) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func credentials(_ entry: SettingsNode.Entry) -> [String: [String: String]] {
        var result: [String: [String: String]] = [:]
        let example = "credentials: {claude: {CLAUDE_CODE_OAUTH_TOKEN: /path/to/file}}"
        guard case .map(let agents, _) = entry.value else {
            error(
                entry.value.place,
                "`credentials` takes a map, not \(entry.value.kindName); write `\(example)`"
            )
            return [:]
        }
        for agent in agents {
            guard case .map(let variables, _) = agent.value else {
                error(
                    agent.value.place,
                    "`credentials: \(agent.key)` takes a map of variables to files; write `\(example)`"
                )
                continue
            }
            for variable in variables {
                guard Self.isVariableName(variable.key) else {
                    error(variable.place, "`\(variable.key)` is no name of a variable; write `\(example)`")
                    continue
                }
                guard case .scalar(let file, _) = variable.value, Self.isFileName(file) else {
                    error(
                        variable.value.place,
                        "`\(variable.key)` takes a file that holds the secret, never the secret: its path, or the name that LoadCredential= gives it"
                    )
                    continue
                }
                result[agent.key, default: [:]][variable.key] = file
            }
        }
        return result
    }
}

extension SettingsReader {
    /// A path, or a plain name such as `claude-token`; not what looks like a secret that was pasted in its place.
    private static func isFileName(_ text: String) -> Bool {
        if text.hasPrefix("/") || text.hasPrefix("~/") || text.hasPrefix("./") { return true }
        let longestName = 32
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        let looksLikeSecret = ["sk-", "sk_", "ghp_", "xai-", "AIza"].contains { text.hasPrefix($0) }
        return isPlain && !text.isEmpty && text.utf8.count <= longestName && !looksLikeSecret
    }
}
