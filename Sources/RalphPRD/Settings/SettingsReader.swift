package import RalphCore

/// Reads settings from YAML: the front matter of a PRD, or a host's configuration file.
///
/// Every wrong key and value is an error with its place and what is allowed; whoever calls keeps what was in force.
package struct SettingsReader {
    var problems: [Diagnostic] = []
    let isPRD: Bool

    /// Reads project settings on top of what is there. `settings` is only changed where the text is right.
    /// - Parameters:
    ///   - firstLine: the file's line on which `yaml` begins.
    ///   - isPRD: whether checks shall remember their line.
    static func read(
        _ yaml: String,
        firstLine: Int,
        isPRD: Bool,
        into settings: inout ProjectSettings
    ) -> [Diagnostic] {
        var reader = SettingsReader(isPRD: isPRD)
        for entry in reader.entries(yaml, firstLine: firstLine) {
            if !reader.readProject(entry, into: &settings) { reader.unknown(entry, keys: projectKeys) }
        }
        return reader.problems
    }

    /// Reads a host's configuration file.
    /// - Throws: `Rejection` with all that is wrong in it; lines are the file's.
    package static func host(_ bytes: [UInt8]) throws(Rejection) -> HostSettings {
        guard UTF8Text.firstInvalidOffset(in: bytes) == nil else {
            throw Rejection(problems: [
                Diagnostic(
                    line: 1,
                    column: 1,
                    severity: .error,
                    message: "this is not UTF-8; save the file as UTF-8"
                )
            ])
        }
        var reader = SettingsReader(isPRD: false)
        var settings = HostSettings()
        for entry in reader.entries(String(decoding: bytes, as: UTF8.self), firstLine: 1) {
            if reader.readHost(entry, into: &settings) || reader.readProject(entry, into: &settings.project) {
                continue
            }
            reader.unknown(entry, keys: hostKeys + projectKeys)
        }
        guard reader.problems.isEmpty else { throw Rejection(problems: reader.problems) }
        return settings
    }

    init(isPRD: Bool) { self.isPRD = isPRD }

    private mutating func entries(_ yaml: String, firstLine: Int) -> [SettingsNode.Entry] {
        do {
            switch try SettingsNode.parse(yaml, firstLine: firstLine) {
            case nil, .null: return []
            case .map(let entries, _): return entries
            case let other?:
                error(
                    other.place,
                    "these are no settings but \(other.kindName); write lines like `agent: claude`"
                )
                return []
            }
        } catch {
            problems += error.problems
            return []
        }
    }

    mutating func error(_ place: SettingsNode.Place, _ message: String) {
        problems.append(
            Diagnostic(line: place.line, column: place.column, severity: .error, message: message)
        )
    }

    mutating func unknown(_ entry: SettingsNode.Entry, keys: [String], of owner: String = "") {
        let inside = owner.isEmpty ? "" : " in `\(owner)`"
        let hint = Spelling.nearest(to: entry.key, in: keys).map { "did you mean `\($0)`?" }
        error(
            entry.place,
            "unknown key `\(entry.key)`\(inside); \(hint ?? "known are \(keys.sorted().joined(separator: ", "))")"
        )
    }

    static let projectKeys = [
        "name", "agent", "agents", "checks", "shell", "setup", "setup-inputs", "include", "env", "order",
        "attempts",
        "timeout", "idle-timeout", "branch", "protect", "verify", "keep", "escalate", "budget", "prices",
        "hours", "sandbox", "prompt", "review",
    ]
    static let hostKeys = [
        "prd", "repo", "state-dir", "socket", "listen", "log-level", "path", "credentials", "after-landing",
        "notify", "limits",
    ]

    /// Says whether the key is one of a project's.
    private mutating func readProject(_ entry: SettingsNode.Entry, into settings: inout ProjectSettings)
        -> Bool
    {
        return readAgents(entry, into: &settings) || readCommands(entry, into: &settings)
            || readLimits(entry, into: &settings) || readMoney(entry, into: &settings)
    }

    private mutating func readAgents(_ entry: SettingsNode.Entry, into settings: inout ProjectSettings)
        -> Bool
    {
        switch entry.key {
        case "name": settings.name = name(entry) ?? settings.name
        case "agent": settings.agents = agentChoices(entry) ?? settings.agents
        case "escalate": settings.escalate = ladder(entry) ?? settings.escalate
        case "review": settings.review = review(entry) ?? settings.review
        case "prompt":
            guard let path = string(entry, example: "prompt: docs/prompt.mustache") else { return true }
            settings.prompt = PromptFile(path: path, line: isPRD ? entry.place.line : nil)
        case "agents": settings.customAgents.merge(customAgents(entry)) { $1 }
        default: return false
        }
        return true
    }

    private mutating func readMoney(_ entry: SettingsNode.Entry, into settings: inout ProjectSettings) -> Bool
    {
        switch entry.key {
        case "budget": budget(entry, into: &settings.budget)
        case "prices": settings.prices.merge(prices(entry) ?? [:]) { $1 }
        case "hours": settings.hours = hours(entry) ?? settings.hours
        default: return false
        }
        return true
    }

    private mutating func readCommands(_ entry: SettingsNode.Entry, into settings: inout ProjectSettings)
        -> Bool
    {
        switch entry.key {
        case "checks": settings.checks = checks(entry) ?? settings.checks
        case "shell": settings.shell = choice(entry, of: ["sh", "bash"]) ?? settings.shell
        case "setup": settings.setup = strings(entry, example: "setup: [npm ci]") ?? settings.setup
        case "setup-inputs":
            settings.setupInputs =
                strings(entry, example: "setup-inputs: [package-lock.json]") ?? settings.setupInputs
        case "include": settings.include = strings(entry, example: "include: [.env.test]") ?? settings.include
        case "env": settings.environment = variableNames(entry) ?? settings.environment
        case "protect":
            settings.protect = strings(entry, example: "protect: [tests/golden/**]") ?? settings.protect
        default: return false
        }
        return true
    }

    private mutating func readLimits(_ entry: SettingsNode.Entry, into settings: inout ProjectSettings)
        -> Bool
    {
        switch entry.key {
        case "attempts": settings.attempts = number(entry, 1...100) ?? settings.attempts
        case "timeout": settings.timeout = duration(entry) ?? settings.timeout
        case "idle-timeout": settings.idleTimeout = duration(entry) ?? settings.idleTimeout
        case "branch": settings.branch = string(entry, example: "branch: main") ?? settings.branch
        case "order": settings.order = choice(entry) ?? settings.order
        case "verify": settings.verify = choice(entry) ?? settings.verify
        case "keep": settings.keep = retention(entry, settings.keep)
        case "sandbox":
            settings.sandbox = choice(entry, of: ["true", "false"]).map { $0 == "true" } ?? settings.sandbox
        case "workers":
            if let count = number(entry, 1...64), count != 1 {
                error(entry.value.place, "`workers: \(count)` is not built yet; leave it out")
            }
        default: return false
        }
        return true
    }

    /// Says whether the key is one of a host's own.
    private mutating func readHost(_ entry: SettingsNode.Entry, into settings: inout HostSettings) -> Bool {
        switch entry.key {
        case "prd": settings.prd = string(entry, example: "prd: /home/me/tally/PRD.md")
        case "repo": settings.repository = string(entry, example: "repo: /home/me/tally")
        case "state-dir": settings.stateDirectory = string(entry, example: "state-dir: /var/lib/ralphd/tally")
        case "socket": settings.socket = string(entry, example: "socket: /run/ralphd/tally.sock")
        case "listen": settings.listen = listen(entry)
        case "log-level": settings.logLevel = choice(entry)
        case "path":
            settings.path = strings(entry, example: "path: /usr/local/bin:/usr/bin:/bin")?.joined(
                separator: ":"
            )
        case "after-landing": settings.afterLanding = strings(entry, example: "after-landing: git push") ?? []
        case "notify": settings.notify = strings(entry, example: "notify: wall \"$RALPH_MESSAGE\"") ?? []
        case "credentials":
            settings.credentials = credentials(entry)
            settings.credentialLines = lines(entry)
        case "limits": settings.limits = limits(entry)
        default: return false
        }
        return true
    }
}
