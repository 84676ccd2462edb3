import Foundation

package import struct SystemPackage.FilePath

/// A directory of its own that is removed with its last reference.
package final class TemporaryDirectory: Sendable {
    package let path: FilePath

    package init(_ purpose: String = "ralph") throws {
        let root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = FilePath(root).appending("\(purpose)-\(UUID().uuidString.prefix(13).lowercased())")
        try FileManager.default.createDirectory(
            atPath: path.string,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    /// Writes a file, and the directories above it.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> FilePath {
        try write(Array(text.utf8), to: name)
    }

    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> FilePath {
        let file = path.appending(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: URL(filePath: file.string))
        return file
    }

    package func read(_ name: String) throws -> String {
        String(decoding: try bytes(of: name), as: UTF8.self)
    }

    package func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path.appending(name).string)))
    }

    package func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path.appending(name).string)
    }

    package func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path.appending(name).string)
    }
}
