import Foundation
import RalphAPI
import RalphCore
import RalphPRD
import SystemPackage

/// The project that `ralphctl doctor` looks at: one that has run, or the one that would run here.
struct Patient: Sendable {
    var name: String
    /// Nil when there is none.
    var prd: FilePath?
    /// A directory in the repository.
    var repository: FilePath
    var stateDirectory: FilePath?
    var socket: FilePath?
    /// Nil when the project has no host file.
    var hostFile: FilePath?
    var host: HostSettings
    /// What is wrong with the host's file.
    var hostTrouble: Failure?
    /// The process of its daemon, if the state says that one runs.
    var pid: Int32?
    var environment: [String: String]

    /// How its daemon is started; nil where the paths cannot be told.
    var start: DaemonStart? {
        guard let stateDirectory, let socket else { return nil }
        let instance = Instance(
            name: name,
            repository: repository.string,
            prd: prd?.string ?? "",
            stateDirectory: stateDirectory,
            socket: socket,
            pid: pid
        )
        return DaemonStart(instance: instance, environment: environment)
    }

    /// `PATH` of agents, checks and set-up.
    var path: String {
        host.path ?? environment["RALPHD_PATH"] ?? environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }
}

extension Patient {
    /// The project that the options mean, else the one around the directory, whether or not it ever ran.
    static func find(_ options: GlobalOptions, environment: [String: String], directory: FilePath)
        throws(Failure)
        -> Patient
    {
        let finder = InstanceFinder(environment: environment, directory: directory)
        let isNamed =
            options.project != nil || options.stateDir != nil || options.socket != nil
            || !(environment["RALPH_PROJECT"] ?? "").isEmpty
        if let instance = finder.instanceAround(), !isNamed { return make(instance, environment) }
        if isNamed {
            let chosen = try finder.find(options)
            if let state = chosen.stateDirectory, let instance = try Instance.read(stateDirectory: state) {
                var patient = make(instance, environment)
                patient.socket = chosen.socket
                return patient
            }
            throw Failure(
                .usage,
                "a socket alone tells nothing of the project: pass --state-dir or --project"
            )
        }
        return try stranger(in: directory, environment: environment)
    }

    private static func make(_ instance: Instance, _ environment: [String: String]) -> Patient {
        var patient = Patient(
            name: instance.name,
            prd: FilePath(instance.prd),
            repository: FilePath(instance.repository),
            stateDirectory: FilePath(instance.stateDirectory),
            socket: FilePath(instance.socket),
            host: HostSettings(),
            pid: instance.pid,
            environment: environment
        )
        patient.readHost()
        return patient
    }

    /// A project that no daemon ever worked for.
    private static func stranger(in directory: FilePath, environment: [String: String]) throws(Failure)
        -> Patient
    {
        let root = (try? RepositoryFacts.read(around: directory, environment: environment))?.root ?? directory
        let prd = ProjectPlaces.prds(in: root).first
        let stated = prd.flatMap { try? PRDFile.read($0) }.flatMap { try? PRD.parse($0) }?.settings.name
        let name = stated ?? ProjectPlaces.defaultName(of: root)
        var patient = Patient(
            name: name,
            prd: prd,
            repository: root,
            host: HostSettings(),
            environment: environment
        )
        patient.readHost()
        if let named = patient.host.prd { patient.prd = FilePath(named) }
        let paths = try? InstancePaths(
            name: name,
            stateDirectory: patient.host.stateDirectory.map { FilePath($0) },
            socket: patient.host.socket.map { FilePath($0) },
            environment: environment
        )
        patient.stateDirectory = paths?.stateDirectory
        patient.socket = paths?.socket
        return patient
    }

    private mutating func readHost() {
        hostFile = ProjectPlaces.hostFiles(name: name, environment: environment).first { NewFile.exists($0) }
        guard let hostFile else { return }
        do throws(Failure) {
            host = try HostSettingsFile.read(hostFile)
        } catch {
            hostTrouble = error
        }
    }
}
