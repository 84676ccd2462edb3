import Glibc

package import struct SystemPackage.FilePath

/// What of the file system a tree may write to. It reads all that its user may read.
package struct Sandbox: Equatable, Sendable {
    /// May be written, with all below. What is not there is left out.
    package var writable: [FilePath]
    /// May not, wherever it lies.
    package var sealed: [FilePath]

    package init(writable: [FilePath], sealed: [FilePath]) {
        self.writable = writable
        self.sealed = sealed
    }

    /// bubblewrap's options for a tree that works in a directory, which it may write also where that is in something
    /// sealed: of two that speak of a place the later one holds.
    func flags(workingIn directory: FilePath) -> [String] {
        // Root keeps what it may do in a namespace: without this it would mount the sealed anew.
        var flags = ["--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--cap-drop", "CAP_SYS_ADMIN"]
        for path in writable.compactMap(Self.place) where path != "/" { flags += ["--bind-try", path, path] }
        for path in sealed.compactMap(Self.place) { flags += ["--ro-bind-try", path, path] }
        let own = Self.place(directory) ?? directory.string
        return flags + ["--bind", own, own]
    }

    /// With every link followed: a mount has to be where the path leads.
    private static func place(_ path: FilePath) -> String? {
        guard let resolved = realpath(path.string, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
