import RalphAPI
import RalphCore

extension Wording {
    /// An item's key as a shell takes it, without quotes: `ralphctl show stop`. Its number where the key would be read
    /// as something else.
    static func argument(_ key: String, _ id: ItemID) -> String {
        let isPlain = key.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-_.".unicodeScalars.contains(scalar)
        }
        guard isPlain, !key.hasPrefix("-"), IterationReference(key) == .latest(.words(key)) else {
            return id.description
        }
        return key
    }

    /// "claude/opus".
    static func agent(_ name: String, _ model: String?) -> String {
        model.map { "\(name)/\($0)" } ?? name
    }

    /// "checks failed".
    static func outcome(_ outcome: Outcome) -> String {
        outcome.rawValue.replacing("_", with: " ")
    }

    /// Seven digits of a commit.
    static func commit(_ hash: String) -> String { ObjectID(hash).short }

    /// A path as a person in the repository would write it.
    static func path(_ path: String, in repository: String) -> String {
        path.hasPrefix(repository + "/") ? String(path.dropFirst(repository.count + 1)) : path
    }

    /// "3 files, +20 -4".
    static func kept(_ kept: KeptView) -> String {
        "\(plural(kept.filesChanged, "file")), +\(kept.insertions) -\(kept.deletions)"
    }
}

extension Style {
    /// How a state stands out in a list.
    static func of(_ state: ItemState) -> Style {
        switch state {
        case .done: .good
        case .blocked: .bad
        case .running: .strong
        case .waiting: .notice
        case .open: .plain
        case .withdrawn, .manual, .later: .faint
        }
    }

    static func of(_ outcome: Outcome) -> Style {
        switch outcome.consequence {
        case .done: .good
        case .agentSleeps, .awaitAnswer: .notice
        case .again, .backoff, .agentSetAside, .hold: outcome.isStrike ? .bad : .plain
        }
    }
}

extension Text {
    /// "no problems", "1 error, 2 warnings: ralphctl prd check".
    static func problems(_ problems: [Diagnostic]) -> Text {
        let errors = problems.count { $0.severity == .error }
        let warnings = problems.count - errors
        var parts: [Text] = []
        if errors > 0 { parts.append(Text(Wording.plural(errors, "error"), .bad)) }
        if warnings > 0 { parts.append(Text(Wording.plural(warnings, "warning"), .notice)) }
        return parts.isEmpty ? "no problems" : list(parts, by: ", ") + ": ralphctl prd check"
    }
}
