internal import Dispatch
internal import Glibc
package import RalphCore
package import SystemPackage

/// Where directories go that are no longer ours or no longer wanted: moved aside at once, removed in the background,
/// because what an agent leaves can take long to remove.
package struct Trash: Sendable {
    private let directory: FilePath
    private static let remover = DispatchQueue(label: "ralphd.trash", qos: .background)

    package init(in state: FilePath) throws(Failure) {
        directory = state.appending("trash")
        try FileWriting.makeDirectory(directory, mode: 0o700)
    }

    /// Takes whatever is at a path out of the way; nothing there is fine.
    package func discard(_ path: FilePath) throws(Failure) {
        let name = "\(getpid())-\(UInt64.random(in: .min ... .max))"
        let aside = directory.appending(name)
        guard rename(path.string, aside.string) != 0 else {
            Self.remover.async { FileTree.remove(aside) }
            return
        }
        guard errno != ENOENT else { return }
        // A directory without its owner's right to write cannot be renamed into another one.
        if PathStatus(at: path)?.kind == .directory { chmod(path.string, 0o700) }
        guard rename(path.string, aside.string) == 0 else { throw FileWriting.failure("move aside", path) }
        Self.remover.async { FileTree.remove(aside) }
    }

    /// Removes what an earlier life left. Call once at start.
    package func sweep() {
        let directory = directory
        Self.remover.async {
            FileTree.walk(directory) { entry in
                FileTree.remove(directory.appending(String(decoding: entry.path, as: UTF8.self)))
                return .skip
            }
        }
    }
}
