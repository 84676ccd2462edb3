import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import SystemPackage

/// What still keeps a project from running, and which commands come next.
struct InitAdvice {
    var view: InitView
    var settings: ProjectSettings
    var environment: [String: String]

    var problems: [String] {
        var problems: [String] = []
        if view.head == nil {
            problems.append("\(view.repository) has no commit yet: agents work from what is committed")
        }
        problems += agentProblems
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

    var next: [String] {
        var next: [String] = []
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
            return [
                "cd \(ShellWord.quoted(view.repository)) && ralphd\(isDefault ? "" : " --name \(view.name)")"
            ]
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
