import Glibc
package import RalphCore

package import struct SystemPackage.FilePath

extension PathStamp {
    /// The path's `lstat` now; absent when a parent is missing or is no directory.
    package init(of path: [UInt8], in workTree: FilePath) {
        let status = FileStatus(of: workTree.appending(bytes: path))
        self.init(
            path: path,
            inode: status?.inode,
            changeTimeNanoseconds: status?.changeTimeNanoseconds,
            size: status?.size
        )
    }

    /// Whether the path was there when the stamp was taken.
    package var isPresent: Bool { inode != nil }

    /// A directory that was missing, so that a landing that made it can remove it again.
    package var isDirectory: Bool { path.last == UInt8(ascii: "/") }
}
