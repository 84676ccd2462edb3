internal import Glibc
package import RalphCore
package import SystemPackage

/// The repository that the daemon works for. Everything known of it is read once, when it is opened; nothing in it is
/// changed by this type.
package struct UserRepository: Sendable {
    package enum ObjectFormat: String, Sendable {
        case sha1, sha256

        /// Hexadecimal digits of an object's name.
        package var digits: Int { self == .sha1 ? 40 : 64 }
    }

    package let host: GitHost
    /// Of the work tree that was opened: `.git`, or `.git/worktrees/<name>`.
    package let gitDirectory: FilePath
    /// Where refs and objects live; the same as `gitDirectory` but for a linked work tree.
    package let commonDirectory: FilePath
    /// Nil for a bare repository.
    package let workTree: FilePath?
    package let objectFormat: ObjectFormat
    /// From `user.name` and `user.email`, else `ralphd`.
    package let identity: Identity
    /// Text files have CRLF in the person's work trees (`core.autocrlf` is `true` or `input`).
    package let convertsLineEndings: Bool
    /// The person's own ignore file (`core.excludesFile`), where one is configured.
    package let personalExcludes: FilePath?

    package var objectDirectory: FilePath { commonDirectory.appending("objects") }
    package var shallowFile: FilePath { commonDirectory.appending("shallow") }

    /// A git command on this repository, with the person's configuration, in the opened work tree.
    package var command: GitCommand {
        var command = GitCommand(host, gitDirectory: gitDirectory, scope: .personal)
        command.workTree = workTree
        command.identity = identity
        return command
    }

    /// Opens the repository around a directory.
    ///
    /// Throws `.configuration`, in one line that names the path and the next step, for what the daemon cannot work for:
    /// no repository, another owner, a partial clone, an extension that git does not know, a line feed in the path.
    package static func open(around path: FilePath, host: GitHost) throws(Failure) -> UserRepository {
        try openDiscovered(around: path, host: host)
    }

    init(host: GitHost, layout: RepositoryLayout, configuration: GitConfiguration) {
        self.host = host
        gitDirectory = layout.gitDirectory
        commonDirectory = layout.commonDirectory
        workTree = layout.workTree
        objectFormat = layout.objectFormat
        identity = configuration.identity ?? .daemon
        convertsLineEndings = ["true", "input", "yes", "on", "1"].contains(
            configuration["core.autocrlf"]?.lowercased() ?? ""
        )
        personalExcludes = Self.personalExcludes(configuration, host: host)
    }

    private static func personalExcludes(_ configuration: GitConfiguration, host: GitHost) -> FilePath? {
        guard let stated = configuration["core.excludesfile"] else {
            let home = host.configurationHome ?? host.home?.appending(".config")
            return home?.appending("git/ignore")
        }
        if stated.hasPrefix("~/") { return host.home?.appending(String(stated.dropFirst(2))) }
        return stated.hasPrefix("/") ? FilePath(stated) : nil
    }
}
