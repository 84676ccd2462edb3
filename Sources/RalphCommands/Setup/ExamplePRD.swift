import RalphCore

/// The document that `ralphctl init` writes where there is none. Nothing in it runs: what an example says is not what the
/// person wants done.
struct ExamplePRD {
    var name: String
    /// What was found, best first.
    var agents: [AgentFinding]
    var checks: [CheckInference.Finding]

    var text: String {
        let front = ["---", agentLine] + checkLines + ["---"]
        return front.joined(separator: "\n") + "\n\n" + body
    }

    private var agentLine: String {
        guard let agent = agents.first else {
            return "agent: claude            # none was found here: install one and log in"
        }
        return "agent: \(agent.name)" + (agent.isUsable ? "" : "            # found, not logged in")
    }

    private var checkLines: [String] {
        if checks.isEmpty {
            return ["# checks: [make test]   # your test command; all must pass before anything lands"]
        }
        return ["checks:                  # all must pass before anything lands"]
            + checks.map {
                "  - {name: \(YAMLText.scalar($0.check.name)), run: \(YAMLText.scalar($0.check.run))}"
            }
    }

    private var body: String {
        """
        # \(name): what comes next

        Only check boxes are work. ralphd takes them from top to bottom, a fresh agent for each, lands the work when the
        checks are green, and ticks the box. Prose like this is for people and for the agents.

        ## Next

        Write here what is to be done, one box each: `- [ ]` and a line that says what will be true when it is done.

        ## Later

        Nothing under this heading runs. These show the form; move a line up to Next when you want it done.

        - [ ] `--quiet` prints errors only {#quiet}
          - [ ] the exit code says the same as without it
        - [ ] The README shows how to build, test and install {after=quiet}

        """
    }
}

/// Scalars as YAML takes them.
enum YAMLText {
    /// Plain where nobody could read it as something else, else in double quotes.
    static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "/._- +=~".unicodeScalars.contains(scalar)
        }
        let first = text.unicodeScalars.first
        let startsPlain = first.map { $0.properties.isAlphabetic || $0 == "/" || $0 == "." } ?? false
        let words: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        if isPlain, startsPlain, text.last != " ", !words.contains(text.lowercased()) { return text }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default:
            guard scalar.value < 0x20 || scalar.value == 0x7F else { return String(Character(scalar)) }
            let digits = String(scalar.value, radix: 16)
            return "\\x" + (digits.count == 1 ? "0" : "") + digits
        }
    }
}
