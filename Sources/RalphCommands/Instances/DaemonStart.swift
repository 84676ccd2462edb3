import Foundation
import RalphAPI
import RalphCore
import SystemPackage

/// How a person gets a project's daemon to run, as the very command.
struct DaemonStart {
    let instance: Instance
    let environment: [String: String]

    /// Where units of the system keep their state.
    private static let systemState = "/var/lib/ralphd/"

    /// Starts one that does not run.
    var command: String {
        switch manager {
        case .system: "systemctl start ralphd@\(instance.name)"
        case .user: "systemctl --user start ralphd@\(instance.name)"
        case .none: "cd \(ShellWord.quoted(instance.repository)) && ralphd\(arguments)"
        }
    }

    /// Ends one that does not answer, and starts it anew.
    func commandInsteadOf(process: Int32?) -> String {
        switch manager {
        case .system: "systemctl restart ralphd@\(instance.name)"
        case .user: "systemctl --user restart ralphd@\(instance.name)"
        case .none: (process.map { "kill -KILL \($0); " } ?? "") + command
        }
    }

    private enum Manager { case system, user, none }

    private var manager: Manager {
        if instance.stateDirectory.hasPrefix(Self.systemState) { return .system }
        let hostFile = ProjectPlaces.personalDirectory(environment: environment)?.appending(
            "\(instance.name).yaml"
        )
        guard UserUnit.isInstalled(environment), let hostFile, NewFile.exists(hostFile) else { return .none }
        return .user
    }

    /// What differs from what the daemon takes by itself in its repository.
    private var arguments: String {
        let repository = FilePath(instance.repository)
        var words: [String] = []
        if !instance.prd.isEmpty, ProjectPlaces.prds(in: repository).map(\.string) != [instance.prd] {
            let prefix = instance.repository + "/"
            words.append(
                instance.prd.hasPrefix(prefix) ? String(instance.prd.dropFirst(prefix.count)) : instance.prd
            )
        }
        if ProjectPlaces.defaultName(of: repository) != instance.name { words += ["--name", instance.name] }
        let usual = try? InstancePaths(name: instance.name, environment: environment)
        if usual?.stateDirectory.string != instance.stateDirectory {
            words += ["--state-dir", instance.stateDirectory]
        }
        return words.map { " " + ShellWord.quoted($0) }.joined()
    }
}
