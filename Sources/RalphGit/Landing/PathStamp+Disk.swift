import RalphCore
import SystemPackage

extension PathStamp {
    /// The path's `lstat` now; absent also when a parent is missing or is no directory.
    init(of path: [UInt8], in workTree: FilePath) {
        let name = path.last == PathStamp.slash ? path.dropLast() : path[...]
        let status = PathStatus(at: RawPath(workTree, name))
        self.init(
            path: path,
            inode: status?.inode,
            changeTimeNanoseconds: status?.changed,
            size: status?.size
        )
    }

    /// Whether the path was there when the stamp was taken.
    var isPresent: Bool { inode != nil }

    /// A directory that was missing, noted so that a landing that made it can remove it again.
    var isDirectory: Bool { path.last == PathStamp.slash }

    /// Stamps of every changed path, and of each missing directory that git will have to make for one.
    static func all(of changes: LandingChanges, in workTree: FilePath) -> [PathStamp] {
        var stamps: [PathStamp] = []
        var directories: Set<[UInt8]> = []
        for change in changes.files {
            stamps.append(PathStamp(of: change.path, in: workTree))
            guard change.isPresentAfter else { continue }
            for parent in parents(of: change.path) where directories.insert(parent).inserted {
                let stamp = PathStamp(of: parent + [slash], in: workTree)
                if !stamp.isPresent { stamps.append(stamp) }
            }
        }
        return stamps
    }

    /// `a`, `a/b` for `a/b/c`.
    static func parents(of path: [UInt8]) -> [[UInt8]] {
        path.indices.filter { path[$0] == slash }.map { Array(path[..<$0]) }
    }

    private static let slash = UInt8(ascii: "/")
}
