import RalphAgents
import RalphCore
import RalphProcess
import SystemPackage

/// Agents and checks.
extension Doctor {
    private static let patience: Duration = .seconds(10)

    func agents(_ settings: ProjectSettings) -> [Finding] {
        let choices = settings.agents.isEmpty ? [AgentChoice(name: AgentCLI.defaultName)] : settings.agents
        var names: [String] = []
        for choice in choices + settings.escalate where !names.contains(choice.name) {
            names.append(choice.name)
        }
        let reviewer = settings.review?.agent.name
        let findings = names.map { agent($0, settings) }
        let isEnough = findings.contains { $0.verdict == .ok }
        let authors = zip(names, findings).map { name, finding in
            // One that works is enough; the others are its fallback. Nobody stands in for a reviewer.
            guard isEnough, finding.verdict == .bad, name != reviewer else { return finding }
            return .warn(finding.part, finding.message, mend: finding.mend ?? "")
        }
        guard let reviewer, !names.contains(reviewer) else { return authors }
        return authors + [agent(reviewer, settings)]
    }

    private func agent(_ name: String, _ settings: ProjectSettings) -> Finding {
        let part = "agent \(name)"
        let cli: AgentCLI
        do throws(Failure) {
            cli = try AgentCLI.named(name, custom: settings.customAgents)
        } catch {
            return .bad(part, error.message, mend: "change agent: in the PRD")
        }
        let search = AgentSearch(
            path: patient.path,
            environment: patient.environment,
            names: settings.environment,
            credentials: patient.host.credentials.mapValues { Array($0.keys) }
        )
        guard let found = search.find(cli) else {
            return .bad(
                part,
                "no program \(cli.program) on \(patient.path)",
                mend: "install it, or correct path: in the host's file"
            )
        }
        let words = "\(found.version ?? "of unknown version") at \(found.program), \(InitScreen.login(found))"
        if let finding = credentials(of: name, part) { return finding }
        if !found.isUsable {
            return .bad(
                part,
                words,
                mend: "log in with \(found.advice ?? cli.program)"
            )
        }
        if found.version == nil, cli.name != name || settings.customAgents[name] == nil {
            return .warn(part, "\(words): it does not tell its version", mend: "\(found.program) --version")
        }
        return .ok(part, words)
    }

    /// What is wrong with the files that the host gives the agent; nil when nothing is.
    private func credentials(of name: String, _ part: String) -> Finding? {
        let directory = patient.hostFile?.removingLastComponent().string
        var files = patient.host.credentials[name] ?? [:]
        let places = files.mapValues {
            SecretPlace($0, environment: patient.environment, directory: directory)
        }
        // A plain name can be one that the unit alone loads.
        files = files.filter { variable, file in
            file.contains("/") || places[variable].map { NewFile.exists(FilePath($0.path)) } == true
        }
        let read = Credentials.read([name: files], environment: patient.environment, directory: directory)
        if let trouble = read.troubles[name] {
            return .bad(
                part,
                "its credential \(trouble)",
                mend: "correct the file, or credentials: in the host's file"
            )
        }
        guard let open = places.values.first(where: \.isOpenToOthers) else { return nil }
        return .warn(
            part,
            "others can read or write its credential \(open.path)",
            mend: "chmod 600 \(ShellWord.quoted(open.path))"
        )
    }

    func checks(_ settings: ProjectSettings) -> [Finding] {
        guard let checks = settings.checks ?? inferred else {
            return [
                .bad(
                    "checks",
                    "none are given and none can be inferred",
                    mend: "write `checks: [your test command]` in the front matter of the PRD"
                )
            ]
        }
        if checks.isEmpty {
            return [
                .warn(
                    "checks",
                    "none, on purpose: nothing is checked before it lands",
                    mend: "write checks: in the PRD"
                )
            ]
        }
        return checks.map { check($0, shell: settings.shell) }
    }

    private var inferred: [Check]? {
        let facts = try? RepositoryFacts.read(around: patient.repository, environment: patient.environment)
        guard let found = facts?.checks, !found.isEmpty else { return nil }
        return found.map(\.check)
    }

    /// Whether the shell takes the line and finds its first program; the check itself is not run.
    private func check(_ check: Check, shell: String) -> Finding {
        let part = "check \(check.name)"
        let place = check.line.map { "line \($0) of the PRD" } ?? "checks:"
        if let trouble = said(shell, ["-n", "-c", check.run]) {
            return .bad(part, "`\(check.run)`: \(trouble)", mend: "correct \(place)")
        }
        guard let word = Self.program(of: check.run),
            said(shell, ["-c", "command -v -- \"$1\" >/dev/null", "sh", word]) != nil
        else { return .ok(part, "`\(check.run)`") }
        return .bad(
            part,
            "`\(check.run)`: no program \(word) on \(patient.path)",
            mend: "install it, or correct \(place)"
        )
    }

    /// What the shell complains of; nil when it is content.
    private func said(_ shell: String, _ arguments: [String]) -> String? {
        let command = CapturedCommand(
            "/bin/\(shell)",
            arguments,
            environment: ["PATH": patient.path, "LC_ALL": "C"],
            directory: patient.repository,
            deadline: Self.patience,
            outputLimit: 64 << 10
        )
        do throws(Failure) {
            let result = try command.run()
            if result.isSuccess { return nil }
            let errors = String(decoding: result.errors, as: UTF8.self)
            return errors.split(separator: "\n").first.map(String.init) ?? "\(result.ending)"
        } catch {
            return error.message
        }
    }

    /// The first word of a plain command; nil where only the shell could tell.
    static func program(of run: String) -> String? {
        let word = run.split(whereSeparator: \.isWhitespace).first.map(String.init)
        let isPlain = word?.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "/._-+".unicodeScalars.contains(scalar)
        }
        return isPlain == true ? word : nil
    }
}
