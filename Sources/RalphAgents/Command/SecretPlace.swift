import Foundation
import SystemPackage

/// Where a file with a secret is that the host's configuration names.
package struct SecretPlace: Sendable {
    package var path: String
    /// systemd put it there (`LoadCredential=`) and guards it.
    package var isLoaded = false

    /// - Parameters:
    ///   - name: as written; a relative one is looked for where systemd puts credentials, else beside the configuration.
    ///   - directory: of the configuration file.
    package init(_ name: String, environment: [String: String], directory: String?) {
        if name.hasPrefix("/") {
            path = name
        } else if name.hasPrefix("~/"), let home = environment["HOME"] {
            path = home + name.dropFirst()
        } else if let loaded = environment["CREDENTIALS_DIRECTORY"].map({ Self.join($0, name) }),
            FileManager.default.fileExists(atPath: loaded)
        {
            (path, isLoaded) = (loaded, true)
        } else {
            path = directory.map { Self.join($0, name) } ?? name
        }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        FilePath(directory).appending(name).string
    }

    /// Whether others than its owner may read or write the file; an access list shows as rights of the group.
    package var isOpenToOthers: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard !isLoaded, let mode = attributes?[.posixPermissions] as? Int else { return false }
        return mode & 0o077 != 0
    }
}
