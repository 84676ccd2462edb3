internal import Glibc
package import RalphCore
package import SystemPackage

/// What of the machine a git command may know: where git is, and the person's own directories where the person's
/// configuration is wanted. Everything else of the daemon's environment stays out.
package struct GitHost: Equatable, Sendable {
    package var git: FilePath
    /// `PATH` for the few programs that git starts itself (a filter at landing).
    package var searchPath: String
    package var home: FilePath?
    /// `XDG_CONFIG_HOME`, where it is set.
    package var configurationHome: FilePath?

    package init(git: FilePath, searchPath: String, home: FilePath?, configurationHome: FilePath? = nil) {
        self.git = git
        self.searchPath = searchPath
        self.home = home
        self.configurationHome = configurationHome
    }

    /// Finds git in the `PATH` of the given environment, else in the system's usual directories.
    package static func find(in environment: [String: String]) throws(Failure) -> GitHost {
        let usual = "/usr/local/bin:/usr/bin:/bin"
        let searchPath = environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? usual
        for directory in (searchPath + ":" + usual).split(separator: ":") where directory.hasPrefix("/") {
            let program = FilePath(String(directory)).appending("git")
            guard access(program.string, X_OK) == 0 else { continue }
            return GitHost(
                git: program,
                searchPath: searchPath,
                home: environment["HOME"].map { FilePath($0) },
                configurationHome: environment["XDG_CONFIG_HOME"].map { FilePath($0) }
            )
        }
        throw Failure(.configuration, "no git in \(searchPath): install git 2.38 or newer, or correct PATH")
    }
}
