internal import Glibc
package import RalphCore
package import SystemPackage

/// Where a project's state is.
package enum StateDirectory {
    /// Makes the directory if need be, and returns its path without links. Throws if it lies in a git repository's work
    /// tree: a check's `git reset` would reach that, and its own `git clean` would reach us.
    package static func resolve(_ path: FilePath) throws(Failure) -> FilePath {
        try FileWriting.makeDirectory(path, mode: 0o700)
        guard let real = realpath(path.string, nil) else { throw FileWriting.failure("find", path) }
        defer { free(real) }
        let resolved = FilePath(platformString: real)
        if let repository = repository(around: resolved) {
            throw Failure(
                .configuration,
                "the state directory \(resolved) is inside the repository \(repository): choose another --state-dir"
            )
        }
        return resolved
    }

    /// The nearest directory at or above a path that git would take for a work tree or a git directory.
    private static func repository(around path: FilePath) -> FilePath? {
        var place = path
        while true {
            if PathStatus(at: place.appending(".git")) != nil { return place }
            let isGitDirectory =
                PathStatus(at: place.appending("HEAD")) != nil
                && PathStatus(at: place.appending("objects"))?.kind == .directory
                && PathStatus(at: place.appending("refs"))?.kind == .directory
            if isGitDirectory { return place }
            guard place.components.count > 0 else { return nil }
            place.removeLastComponent()
        }
    }
}
