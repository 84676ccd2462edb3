import Foundation
import RalphAPI
import RalphCore
import RalphPRD
import SystemPackage

/// What an instance that ran before knows of its PRD, for a start at which the file is not there or cannot be read: a daemon
/// or a machine that died in the middle of a landing or of a save leaves such a file, and nobody may be there to mend it.
enum LastPRD {
    /// The version that was in force; nil for a first start, and for one with another PRD.
    static func document(_ configuration: Configuration) -> Document? {
        let state = configuration.paths.stateDirectory
        guard let last = try? Instance.read(stateDirectory: state), last.prd == configuration.prd.string
        else {
            return nil
        }
        guard
            let bytes = FileManager.default.contents(atPath: state.appending(Instance.lastPRDFileName).string)
        else {
            return nil
        }
        let document = try? PRD.parse(Array(bytes), defaults: configuration.host.project)
        return document.flatMap { try? configuration.admit($0, Array(bytes)) }
    }

    /// What was in force says nothing of another PRD.
    static func forgetOther(_ configuration: Configuration) {
        let state = configuration.paths.stateDirectory
        guard let last = try? Instance.read(stateDirectory: state), last.prd != configuration.prd.string
        else {
            return
        }
        try? FileManager.default.removeItem(atPath: state.appending(Instance.lastPRDFileName).string)
    }

    /// Where the instance's PRD was, if it is one that this start can mean.
    static func place(
        _ named: String?,
        in directory: FilePath,
        _ command: DaemonCommand,
        _ host: HostSettings?,
        _ environment: [String: String]
    ) -> FilePath? {
        let repository = (environment["RALPHD_REPO"] ?? host?.repository).map { directory.resolving($0) }
        let name =
            command.name ?? environment["RALPHD_NAME"]
            ?? ProjectPlaces.defaultName(of: repository ?? directory)
        let state = command.stateDir ?? environment["RALPHD_STATE_DIR"] ?? host?.stateDirectory
        let paths = try? InstancePaths(
            name: name,
            stateDirectory: state.map { directory.resolving($0) },
            socket: nil,
            environment: environment
        )
        guard let paths, let last = try? Instance.read(stateDirectory: paths.stateDirectory) else {
            return nil
        }
        let place = FilePath(last.prd)
        if let named { return directory.resolving(named) == place ? place : nil }
        return PRDSearch.places(in: directory).contains(place) ? place : nil
    }
}
