import Foundation
import RalphAgents
import RalphCore
import RalphPRD
import SystemPackage

/// What `ralphctl init` puts into the host's file of a project.
struct HostFileProposal {
    var prd: FilePath
    var path: String
    /// Nil where the PRD names one, or the default is right.
    var agent: String?
    /// Empty where the PRD names them.
    var checks: [CheckInference.Finding]
    var stateDirectory: String?
    var socket: String?

    var text: String {
        var lines = [
            "# Written by ralphctl init; yours to change. All keys: ralphd's docs/configuration.md",
            "prd: \(YAMLText.scalar(prd.string))",
            "# Where agents, checks and set-up find their programs: your own PATH at that time.",
            "path: \(YAMLText.scalar(path))",
        ]
        if let stateDirectory { lines.append("state-dir: \(YAMLText.scalar(stateDirectory))") }
        if let socket { lines.append("socket: \(YAMLText.scalar(socket))") }
        if let agent { lines.append("agent: \(YAMLText.scalar(agent))") }
        if !checks.isEmpty {
            let sources = checks.map(\.source).joined(separator: ", ")
            lines.append("# Inferred from \(sources); `checks:` in the PRD's front matter wins.")
            lines.append("checks:")
            lines += checks.map {
                "  - {name: \(YAMLText.scalar($0.check.name)), run: \(YAMLText.scalar($0.check.run))}"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension HostFileProposal {
    /// For the system's unit, from what the owner's own call found.
    init(_ view: InitView) {
        self.init(
            prd: FilePath(view.prd.path),
            path: view.path,
            // An example PRD that was just written names both itself.
            agent: !view.prd.isNew && view.agent.count == 1 && view.agent[0] != AgentCLI.defaultName
                ? view.agent[0] : nil,
            checks: (view.prd.isNew ? [] : view.checks).compactMap { check in
                check.source.map { .init(check: Check(name: check.name, run: check.run), source: $0) }
            }
        )
    }
}

/// The host's file of a project, as `ralphctl` reads it.
enum HostSettingsFile {
    static func read(_ file: FilePath) throws(Failure) -> HostSettings {
        guard let bytes = FileManager.default.contents(atPath: file.string) else {
            throw Failure(.configuration, "\(file) cannot be read: make it readable for this user")
        }
        do throws(Rejection) {
            return try SettingsReader.host(Array(bytes))
        } catch {
            let problem = error.problems.first
            throw Failure(
                .configuration,
                "\(file):\(problem?.line ?? 1): \(problem?.message ?? "cannot be read")"
            )
        }
    }
}

/// A `PATH` that means the same wherever it is used.
enum SearchPath {
    /// Absolute directories that are there, each once, in their order.
    static func cleaned(_ path: String) -> String {
        var seen: Set<Substring> = []
        let kept = path.split(separator: ":").filter { entry in
            var isDirectory: ObjCBool = false
            return entry.hasPrefix("/")
                && FileManager.default.fileExists(atPath: String(entry), isDirectory: &isDirectory)
                && isDirectory.boolValue && seen.insert(entry).inserted
        }
        return kept.isEmpty ? "/usr/local/bin:/usr/bin:/bin" : kept.joined(separator: ":")
    }
}
