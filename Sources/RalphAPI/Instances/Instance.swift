internal import Foundation
package import RalphCore
package import SystemPackage

/// What a state directory says of itself (`instance.json` in it), so that one repository's history is never used for
/// another, and so that `ralphctl` finds the socket.
package struct Instance: Codable, Equatable, Sendable {
    package static let fileName = "instance.json"
    /// Beside it: the PRD as it was last in force.
    package static let lastPRDFileName = "prd-in-force.md"

    package var name: String
    package var repository: String
    package var prd: String
    package var stateDirectory: String
    package var socket: String
    /// Of the daemon that runs, or ran last and did not end in order.
    @OrNull package var pid: Int32?

    package init(name: String, repository: String, prd: String, paths: InstancePaths, pid: Int32?) {
        self.init(
            name: name,
            repository: repository,
            prd: prd,
            stateDirectory: paths.stateDirectory,
            socket: paths.socket,
            pid: pid
        )
    }

    package init(
        name: String,
        repository: String,
        prd: String,
        stateDirectory: FilePath,
        socket: FilePath,
        pid: Int32?
    ) {
        self.name = name
        self.repository = repository
        self.prd = prd
        self.stateDirectory = stateDirectory.string
        self.socket = socket.string
        self.pid = pid
    }

    private enum CodingKeys: String, CodingKey {
        case name, repository, prd, socket, pid
        case stateDirectory = "state_directory"
    }

    /// Nil when the directory holds no instance.
    package static func read(stateDirectory: FilePath) throws(Failure) -> Instance? {
        try read(file: stateDirectory.appending(fileName))
    }

    /// Writes the marker and makes the instance known in the registry. Call it with the state lock held.
    package func write(environment: [String: String]) throws(Failure) {
        try store(in: FilePath(stateDirectory), as: Self.fileName)
        // An instance is found through its own directory too: a registry that cannot be written is no reason to stop.
        guard let root = try? InstancePaths.stateRoot(environment: environment) else { return }
        try? store(in: root.appending(InstancePaths.registryName), as: registryFileName)
    }

    /// Every instance that this user can have started, whether or not its daemon runs, by name.
    package static func all(environment: [String: String]) -> [Instance] {
        guard let root = try? InstancePaths.stateRoot(environment: environment) else { return [] }
        let registry = root.appending(InstancePaths.registryName)
        let registered = names(in: registry).filter { $0.hasSuffix(".json") }.compactMap { name in
            (try? read(file: registry.appending(name))).flatMap { $0 }?.stateDirectory
        }
        let inRoot = names(in: root).map { root.appending($0).string }
        let found = Set(registered + inRoot).compactMap { directory in
            (try? read(stateDirectory: FilePath(directory))).flatMap { $0 }
        }
        return found.sorted { ($0.name, $0.stateDirectory) < ($1.name, $1.stateDirectory) }
    }

    /// Two instances may have one name, in different directories.
    private var registryFileName: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in stateDirectory.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\(name)-\(String(hash, radix: 16)).json"
    }

    private static func read(file: FilePath) throws(Failure) -> Instance? {
        guard FileManager.default.fileExists(atPath: file.string) else { return nil }
        do {
            let data = try Data(contentsOf: URL(filePath: file.string))
            return try WireJSON.decode(Instance.self, from: data)
        } catch {
            throw Failure(
                .configuration,
                "cannot read \(file.string): remove it if it is not ours",
                cause: error
            )
        }
    }

    private static func names(in directory: FilePath) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
    }

    private func store(in directory: FilePath, as name: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let data = try WireJSON.encode(self, pretty: true)
            try data.write(to: URL(filePath: directory.appending(name).string), options: .atomic)
        } catch {
            throw Failure(.storage, "cannot write \(directory.appending(name).string)", cause: error)
        }
    }
}
