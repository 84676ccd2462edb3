package import RalphCore
package import SystemPackage

/// Where an instance keeps its state, and where its daemon listens.
package struct InstancePaths: Equatable, Sendable {
    /// What `sun_path` holds beside its final zero byte.
    package static let longestSocketPath = 107
    /// Beside the instances' own directories under the state root.
    package static let registryName = "instances"

    package var stateDirectory: FilePath
    package var socket: FilePath

    /// - Parameters:
    ///   - name: the project's name; it names the state directory unless one is given.
    ///   - stateDirectory: `--state-dir`.
    ///   - socket: `--socket`.
    package init(
        name: String,
        stateDirectory: FilePath? = nil,
        socket: FilePath? = nil,
        environment: [String: String]
    ) throws(Failure) {
        try Self.check(name: name)
        let state: FilePath
        if let stateDirectory {
            state = stateDirectory
        } else {
            state = try Self.defaultStateDirectory(name: name, environment: environment)
        }
        self.stateDirectory = state
        self.socket =
            socket ?? Self.defaultSocket(name: name, stateDirectory: state, environment: environment)
        let length = self.socket.string.utf8.count
        guard length <= Self.longestSocketPath else {
            throw Failure(
                .configuration,
                "the socket path has \(length) bytes, \(Self.longestSocketPath) is the most: give a shorter one"
                    + " with --socket: \(self.socket.string)"
            )
        }
    }

    /// `$XDG_STATE_HOME/ralphd`, else `~/.local/state/ralphd`: parent of all state directories that nobody placed elsewhere.
    package static func stateRoot(environment: [String: String]) throws(Failure) -> FilePath {
        if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") {
            return FilePath(home).appending("ralphd")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw Failure(.configuration, "neither HOME nor XDG_STATE_HOME is set: pass --state-dir")
        }
        return FilePath(home).appending(".local").appending("state").appending("ralphd")
    }

    /// Names become file names: letters, digits, `-`, `_` and `.`, not at the beginning.
    package static func check(name: String) throws(Failure) {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_.".unicodeScalars.contains(scalar)
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 64, name != registryName else {
            throw Failure(
                .configuration,
                "no project can be named \"\(name)\": use at most 64 letters, digits, - and _, and pass it with --name"
            )
        }
    }

    private static func defaultStateDirectory(name: String, environment: [String: String]) throws(Failure)
        -> FilePath
    {
        // A unit with several state directories gets them separated by colons; ours comes first.
        if let first = environment["STATE_DIRECTORY"]?.split(separator: ":").first {
            return FilePath(String(first))
        }
        return try stateRoot(environment: environment).appending(name)
    }

    private static func defaultSocket(
        name: String,
        stateDirectory: FilePath,
        environment: [String: String]
    ) -> FilePath {
        let file = "ralphd.sock"
        if let first = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first {
            return FilePath(String(first)).appending(file)
        }
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            return FilePath(runtime).appending("ralphd").appending(name).appending(file)
        }
        return stateDirectory.appending(file)
    }
}
