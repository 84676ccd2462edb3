import RalphAPI
import RalphClient
import RalphCore
import RalphProcess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An instance that was chosen, as far as it is known: a bare `--socket` tells nothing of the state behind it.
struct ChosenInstance: Equatable, Sendable {
    /// For messages: the project's name, else the socket.
    var name: String
    var socket: FilePath
    /// Where the history is.
    var stateDirectory: FilePath?
    /// Said to the person when nothing they gave named the project.
    var remark: String?
}

/// Finds the instance that a person means: by `--socket` or `--state-dir`, by `--project` or `$RALPH_PROJECT`, by the
/// repository around the working directory; outside of any repository, the only one there is, or that runs. Inside a
/// repository that no instance works for nothing is guessed: what is steered would be somebody else's project.
struct InstanceFinder {
    var environment: [String: String]
    var directory: FilePath
    private let known: [Instance]

    init(environment: [String: String], directory: FilePath) {
        self.environment = environment
        self.directory = directory
        known = Instance.all(environment: environment)
    }

    func find(_ options: GlobalOptions) throws(Failure) -> ChosenInstance {
        var socket: FilePath?
        if let path = options.socket { socket = try checked(path) }
        if let stateDirectory = options.stateDir {
            return try chosen(inStateDirectory: absolute(stateDirectory), socket: socket)
        }
        if let socket { return ChosenInstance(name: socket.string, socket: socket) }
        if let name = options.project ?? environment["RALPH_PROJECT"], !name.isEmpty {
            return try chosen(named: name)
        }
        switch surroundings {
        case .project(let instance): return ChosenInstance(instance)
        case .projects(let instances): return try theOne(of: instances)
        case .stranger(let root):
            throw Failure(
                .noDaemon,
                "no project is known in \(root): ralphctl init sets one up, \(known.isEmpty ? "ralphd starts it" : "--project names another")"
            )
        case .nowhere: return try onlyOne()
        }
    }

    private func chosen(inStateDirectory path: FilePath, socket: FilePath?) throws(Failure) -> ChosenInstance
    {
        guard let instance = try Instance.read(stateDirectory: path) else {
            throw Failure(.notFound, "no project's state in \(path): ralphctl ls lists the projects")
        }
        var chosen = ChosenInstance(instance)
        chosen.stateDirectory = path
        if let socket { chosen.socket = socket }
        return chosen
    }

    private func chosen(named name: String) throws(Failure) -> ChosenInstance {
        let path = real(absolute(name))
        let matches = known.filter {
            $0.name == name || $0.stateDirectory == name || real(FilePath($0.repository)) == path
        }
        guard let first = matches.first else {
            throw Failure(.notFound, "no project \"\(name)\": ralphctl ls lists them")
        }
        guard matches.count == 1 else {
            let directories = matches.map(\.stateDirectory).joined(separator: ", ")
            throw Failure(
                .ambiguous,
                "\"\(name)\" is \(matches.count) projects: pass --state-dir, one of \(directories)"
            )
        }
        return ChosenInstance(first)
    }

    /// The instance of the repository around the working directory; nil where there is none, or more than one.
    func instanceAround() -> Instance? {
        guard case .project(let instance) = surroundings else { return nil }
        return instance
    }

    /// What lies around the working directory.
    private enum Surroundings {
        case project(Instance)
        /// Several PRDs of one repository.
        case projects([Instance])
        /// A repository that no instance works for.
        case stranger(FilePath)
        case nowhere
    }

    /// By the innermost repository. A linked worktree is its repository, a submodule a part of the one around it.
    private var surroundings: Surroundings {
        var place = real(directory)
        while true {
            let roots = roots(of: place)
            let matches = known.filter {
                !roots.isDisjoint(with: self.roots(of: real(FilePath($0.repository))))
            }
            if let first = matches.first { return matches.count == 1 ? .project(first) : .projects(matches) }
            if RepositoryMark(at: place)?.repository(of: place) != nil { return .stranger(place) }
            guard !place.components.isEmpty else { return .nowhere }
            place.removeLastComponent()
        }
    }

    /// A directory, and the repository that it is the top of.
    private func roots(of place: FilePath) -> Set<FilePath> {
        let repository = RepositoryMark(at: place)?.repository(of: place)
        return Set([place, repository.map(real)].compactMap(\.self))
    }

    private func theOne(of instances: [Instance]) throws(Failure) -> ChosenInstance {
        let running = instances.filter(\.isAlive)
        if running.count == 1 { return ChosenInstance(running[0]) }
        let names = instances.map(\.name).joined(separator: ", ")
        throw Failure(
            .ambiguous,
            "this repository has \(instances.count) projects: pass --project, one of \(names)"
        )
    }

    private func onlyOne() throws(Failure) -> ChosenInstance {
        if known.isEmpty {
            throw Failure(
                .noDaemon,
                "no project is known here: cd to your repository, then ralphctl init, or ralphd PRD.md"
            )
        }
        let running = known.filter(\.isAlive)
        let only = known.count == 1 ? known.first : running.count == 1 ? running.first : nil
        guard let only else {
            let names = known.map(\.name).joined(separator: ", ")
            throw Failure(.ambiguous, "there are \(known.count) projects: pass --project, one of \(names)")
        }
        var chosen = ChosenInstance(only)
        let which = known.count == 1 ? "the only project" : "the only one that runs"
        chosen.remark = "no repository here: this is \(only.name) in \(only.repository), \(which)"
        return chosen
    }

    private func checked(_ socket: String) throws(Failure) -> FilePath {
        if DaemonClient.isAddress(socket) { return FilePath(socket) }
        let path = absolute(socket)
        guard !socket.isEmpty, path.string.utf8.count <= InstancePaths.longestSocketPath else {
            let most = InstancePaths.longestSocketPath
            throw Failure(
                .usage,
                "no socket can be at \"\(socket)\": pass a path of 1 to \(most) bytes with --socket"
            )
        }
        return path
    }

    private func absolute(_ path: String) -> FilePath {
        let path = FilePath(path)
        return (path.isAbsolute ? path : directory.pushing(path)).lexicallyNormalized()
    }

    private func real(_ path: FilePath) -> FilePath {
        guard let resolved = realpath(path.string, nil) else { return path.lexicallyNormalized() }
        defer { free(resolved) }
        return FilePath(String(cString: resolved))
    }
}

extension ChosenInstance {
    init(_ instance: Instance) {
        name = instance.name
        socket = FilePath(instance.socket)
        stateDirectory = FilePath(instance.stateDirectory)
    }
}

extension ChosenInstance {
    /// As its state directory says.
    var prd: FilePath? {
        let instance = stateDirectory.flatMap { try? Instance.read(stateDirectory: $0) }
        return instance.flatMap { $0.prd.isEmpty ? nil : FilePath($0.prd) }
    }
}

extension Instance {
    /// Whether its daemon's process runs. A recycled number can say so wrongly; the socket has the last word.
    var isAlive: Bool { pid.map(Self.isAlive) ?? false }

    /// One that has ended and that nobody has waited for yet still has its number. Where other users' processes cannot be
    /// looked at, the number has to do.
    static func isAlive(_ pid: Int32) -> Bool {
        guard kill(pid, 0) == 0 || errno == EPERM else { return false }
        return ProcessIdentity(pid: pid)?.isAlive ?? true
    }
}
