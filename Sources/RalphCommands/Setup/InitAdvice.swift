import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import RalphProcess
import SystemPackage

/// What still keeps a project from running, and which commands come next.
struct InitAdvice {
    var view: InitView
    var settings: ProjectSettings
    var environment: [String: String]
    /// Where the person is: not always at the top of the repository.
    var directory: FilePath

    var problems: [String] {
        var problems: [String] = []
        if view.head == nil {
            problems.append("\(view.repository) has no commit yet: agents work from what is committed")
        }
        problems += agentProblems + checkProblems
        if settings.checks == nil, view.checks.isEmpty {
            problems.append(
                "no checks were found: write `checks: [your test command]` in the front matter of \(view.prd.path)"
            )
        } else if settings.checks?.isEmpty == true {
            problems.append("checks: [] means that nothing is checked before it lands")
        }
        return problems
    }

    private var agentProblems: [String] {
        let names = view.agent.map { String($0.split(separator: ":").first ?? "") }
        let known = names.filter { name in AgentCLI.builtIn.contains { $0.name == name } }
        // One that the author describes is his to know.
        guard known.count == names.count, !names.isEmpty else { return [] }
        let there = view.agents.filter { names.contains($0.name) }
        if there.isEmpty {
            return [
                "agent \(names.joined(separator: ", ")) is not on your PATH: install it and log in, or name another"
            ]
        }
        guard !there.contains(where: \.isUsable) else { return [] }
        return there.map { "\($0.name) is not logged in: log in with \($0.advice ?? $0.name)" }
    }

    /// Checks that cannot start; where only the shell could tell, nothing is said.
    private var checkProblems: [String] {
        view.checks.compactMap { check in
            guard let program = Doctor.program(of: check.run), isMissing(program) else { return nil }
            return
                "check \(check.name), `\(check.run)`: no program \(program) on your PATH: install it, or write other "
                + "`checks:` in the front matter of \(view.prd.path)"
        }
    }

    private static let patience: Duration = .seconds(10)

    /// For the shell, which has commands of its own.
    private func isMissing(_ program: String) -> Bool {
        let command = CapturedCommand(
            "/bin/\(settings.shell)",
            ["-c", "command -v -- \"$1\" >/dev/null", "sh", program],
            environment: ["PATH": view.path, "LC_ALL": "C"],
            directory: FilePath(view.repository),
            deadline: Self.patience,
            outputLimit: 1 << 10
        )
        return (try? command.run()).map { !$0.isSuccess } ?? false
    }

    var next: [String] {
        var next = isElsewhere ? ["cd \(ShellWord.quoted(view.repository))"] : []
        let inRepository = ShellWord.quoted(Wording.path(view.prd.path, in: view.repository))
        if view.prd.isNew {
            next.append("${EDITOR:-vi} \(inRepository)      # write what is to be done under Next")
        }
        if view.head == nil {
            next.append("git add -A && git commit -m 'First commit'")
        } else if view.prd.isNew {
            next.append("git add \(inRepository) && git commit -m 'Plan the next steps'")
        }
        next.append(
            "ralphctl prd check\(view.prd.isNew || isUsualPlace ? "" : " \(ShellWord.quoted(view.prd.path))")"
        )
        return next + start + ["ralphctl status --project \(view.name)"]
    }

    private var isElsewhere: Bool {
        func real(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
        return real(directory.string) != real(view.repository)
    }

    private var isUsualPlace: Bool {
        view.prd.path.hasSuffix("/PRD.md") || view.prd.path.hasSuffix("/prd.md")
    }

    private var start: [String] {
        if view.dropIn != nil {
            return ["systemctl daemon-reload", "systemctl enable --now ralphd@\(view.name)"]
        }
        guard UserUnit.isInstalled(environment) else {
            let isDefault =
                ProjectPlaces.defaultName(of: FilePath(view.repository)) == view.name
                || settings.name == view.name
            let change = isElsewhere ? "" : "cd \(ShellWord.quoted(view.repository)) && "
            return ["\(change)ralphd\(isDefault ? "" : " --name \(view.name)")"]
        }
        let enable = ["systemctl --user enable --now ralphd@\(view.name)"]
        return isLingering
            ? enable : enable + ["loginctl enable-linger      # keeps it running when you log out"]
    }

    private var isLingering: Bool {
        FileManager.default.fileExists(atPath: "/var/lib/systemd/linger/\(Rights.userName(geteuid()))")
    }
}

/// The unit of the person's own manager.
enum UserUnit {
    static func isInstalled(_ environment: [String: String]) -> Bool {
        let home = environment["HOME"] ?? ""
        let places = [
            "\(home)/.config/systemd/user", "\(home)/.local/share/systemd/user",
            "\(home)/.local/lib/systemd/user",
            "/etc/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user",
        ]
        return places.contains { FileManager.default.fileExists(atPath: "\($0)/ralphd@.service") }
    }
}
