import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import RalphPRD
import RalphProcess
import SystemPackage

/// Sets a project up: finds all that can be found, writes the host's file, and an example PRD where there is none. What is
/// there is never changed, so that a second time does nothing.
struct Initialization {
    var environment: [String: String]
    var directory: FilePath
    /// The PRD that was named.
    var prd: String?
    /// The name that was given.
    var name: String?
    /// Written down where they were given.
    var stateDirectory: String?
    var socket: String?
    /// Whether the person's own host file is written: the system's unit has another.
    var writesConfig = true

    private static let configMode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    func run() throws(Failure) -> InitView {
        let facts = try RepositoryFacts.read(around: directory, environment: environment)
        let path = SearchPath.cleaned(environment["PATH"] ?? "")
        let search = AgentSearch(path: path, environment: environment)
        let found = search.all()
        let document = try existingPRD(in: facts.root)
        let name = try projectName(document?.path, facts)
        let config = try configFile(for: name)
        let known = writesConfig ? try hostSettings(at: config) : nil
        let prdPath = document?.path ?? facts.root.appending(ProjectPlaces.prdNames[0])
        try assertSame(known, prd: prdPath, config: config, name: name)
        if document == nil { try writeExample(to: prdPath, name, found, facts) }
        let settings = try settings(of: prdPath, with: known)
        let proposal = HostFileProposal(
            prd: prdPath,
            path: path,
            agent: settings.agents.isEmpty ? proposedAgent(found) : nil,
            checks: settings.checks == nil ? facts.checks : [],
            stateDirectory: stateDirectory.map { absolute($0).string },
            socket: socket.map { absolute($0).string }
        )
        if known == nil, writesConfig { try NewFile.write(proposal.text, to: config, mode: Self.configMode) }
        var view = InitView(
            name: name,
            repository: facts.root.string,
            branch: facts.branch,
            head: facts.head?.rawValue,
            prd: InitView.File(path: prdPath.string, isNew: document == nil),
            config: InitView.File(path: config.string, isNew: known == nil),
            path: known?.path ?? path,
            agents: found,
            agent: agents(settings, proposal, isNew: known == nil),
            checks: checks(settings, facts),
            rights: Rights.words(environment: environment),
            problems: [],
            next: []
        )
        let advice = InitAdvice(
            view: view,
            settings: settings,
            environment: environment,
            directory: directory
        )
        (view.problems, view.next) = (advice.problems, advice.next)
        return view
    }

    // MARK: What is there

    private func existingPRD(in root: FilePath) throws(Failure) -> (path: FilePath, bytes: [UInt8])? {
        let path: FilePath
        if let prd {
            path = absolute(prd)
        } else {
            let files = ProjectPlaces.prds(in: root)
            guard let first = files.first else { return nil }
            guard files.count == 1 else {
                let names = files.map(\.string).joined(separator: " and ")
                throw Failure(.ambiguous, "there are \(files.count) PRDs, \(names): pass the path of one")
            }
            path = first
        }
        return (path, try PRDFile.read(path))
    }

    private func projectName(_ prd: FilePath?, _ facts: RepositoryFacts) throws(Failure) -> String {
        let stated = prd.flatMap { try? PRDFile.read($0) }.flatMap { try? PRD.parse($0) }?.settings.name
        let name = name ?? stated ?? ProjectPlaces.defaultName(of: facts.root)
        try InstancePaths.check(name: name)
        return name
    }

    private func configFile(for name: String) throws(Failure) -> FilePath {
        guard let directory = ProjectPlaces.personalDirectory(environment: environment) else {
            throw Failure(.configuration, "neither HOME nor XDG_CONFIG_HOME is set: set HOME")
        }
        return directory.appending("\(name).yaml")
    }

    private func hostSettings(at config: FilePath) throws(Failure) -> HostSettings? {
        guard NewFile.exists(config) else { return nil }
        return try HostSettingsFile.read(config)
    }

    /// A file of that name that is another project's is not ours to take over.
    private func assertSame(_ known: HostSettings?, prd: FilePath, config: FilePath, name: String)
        throws(Failure)
    {
        guard let other = known?.prd, real(FilePath(other)) != real(prd) else { return }
        throw Failure(
            .conflict,
            "\(config) is for \(other), not for \(prd): pass another name with --name, or mend that file"
        )
    }

    private func settings(of prd: FilePath, with host: HostSettings?) throws(Failure) -> ProjectSettings {
        let bytes = try PRDFile.read(prd)
        do throws(Rejection) {
            return try PRD.parse(bytes, defaults: host?.project ?? ProjectSettings()).settings
        } catch {
            let problem = error.problems.first
            throw Failure(
                .configuration,
                "\(prd):\(problem?.line ?? 1): \(problem?.message ?? "cannot be read"); ralphctl prd check shows all of it"
            )
        }
    }

    // MARK: What is written

    private func writeExample(
        to path: FilePath,
        _ name: String,
        _ found: [AgentFinding],
        _ facts: RepositoryFacts
    )
        throws(Failure)
    {
        let example = ExamplePRD(name: name, agents: found, checks: facts.checks)
        try NewFile.write(example.text, to: path, mode: Self.configMode)
    }

    /// Nil when the daemon's own default is right.
    private func proposedAgent(_ found: [AgentFinding]) -> String? {
        found.first.flatMap { $0.name == AgentCLI.defaultName ? nil : $0.name }
    }

    private func agents(_ settings: ProjectSettings, _ proposal: HostFileProposal, isNew: Bool) -> [String] {
        if !settings.agents.isEmpty { return settings.agents.map(\.description) }
        return [(isNew ? proposal.agent : nil) ?? AgentCLI.defaultName]
    }

    private func checks(_ settings: ProjectSettings, _ facts: RepositoryFacts) -> [InitView.FoundCheck] {
        let sources = Dictionary(
            facts.checks.map { ($0.check.run, $0.source) },
            uniquingKeysWith: { first, _ in first }
        )
        guard let given = settings.checks else {
            return facts.checks.map { .init(name: $0.check.name, run: $0.check.run, source: $0.source) }
        }
        return given.map { .init(name: $0.name, run: $0.run, source: sources[$0.run]) }
    }

    private func absolute(_ path: String) -> FilePath {
        directory.pushing(FilePath(path)).lexicallyNormalized()
    }

    private func real(_ path: FilePath) -> String {
        URL(filePath: path.string).resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
