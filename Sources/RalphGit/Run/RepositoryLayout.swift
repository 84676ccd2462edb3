internal import Glibc
internal import RalphCore
internal import SystemPackage

/// Where the parts of a repository are, as `git rev-parse` tells.
struct RepositoryLayout {
    var gitDirectory: FilePath
    var commonDirectory: FilePath
    var workTree: FilePath?
    var objectFormat: UserRepository.ObjectFormat
}

/// What `git config --list` says, later entries winning.
struct GitConfiguration {
    private var values: [String: String] = [:]

    init(listing: GitOutput) {
        for field in listing.fields {
            let text = String(decoding: field, as: UTF8.self)
            guard let end = text.firstIndex(of: "\n") else {
                values[text] = "true"
                continue
            }
            values[String(text[..<end])] = String(text[text.index(after: end)...])
        }
    }

    /// The last value of a key; section and variable in lower case.
    subscript(key: String) -> String? { values[key] }

    var identity: Identity? {
        guard let name = values["user.name"], let email = values["user.email"] else { return nil }
        let identity = Identity(name: name, email: email)
        return identity.name.allSatisfy(\.isWhitespace) || identity.email.isEmpty ? nil : identity
    }

    /// The remote that missing objects would be fetched from, in a partial clone.
    var promisor: String? {
        if let remote = values["extensions.partialclone"] { return remote }
        let key = values.first { $0.key.hasSuffix(".promisor") && $0.value.lowercased() == "true" }?.key
        return key.map { String($0.dropFirst("remote.".count).dropLast(".promisor".count)) }
    }
}

extension UserRepository {
    static func openDiscovered(around path: FilePath, host: GitHost) throws(Failure) -> UserRepository {
        var git = GitCommand(host, gitDirectory: nil, scope: .personal)
        git.directory = path
        git.deadline = .seconds(30)
        // Ownership is judged below, with a message of our own.
        git.settings = [("safe.directory", "*")]
        let layout = try discoverLayout(path, git: git)
        try requireOwner(of: layout.commonDirectory)
        git.gitDirectory = layout.gitDirectory
        git.workTree = layout.workTree
        git.directory = layout.workTree ?? layout.gitDirectory
        let configuration = GitConfiguration(listing: try git.demand(["config", "--list", "-z"]))
        if let remote = configuration.promisor {
            throw Failure(
                .configuration,
                "\(path) is a partial clone of \(remote), and reading it would need the network: "
                    + "fetch everything with git fetch --refetch --no-filter, or clone it whole"
            )
        }
        return UserRepository(host: host, layout: layout, configuration: configuration)
    }

    private static func discoverLayout(_ path: FilePath, git: GitCommand) throws(Failure) -> RepositoryLayout
    {
        var status = stat()
        guard stat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(.configuration, "no directory at \(path): pass the path of a git repository")
        }
        let answer = try git.run([
            "rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--show-object-format",
            "--is-inside-work-tree", "--is-bare-repository",
        ])
        guard answer.isSuccess else { throw refusal(answer, path: path) }
        let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5, let format = ObjectFormat(rawValue: lines[2]) else {
            throw Failure(
                .configuration,
                "the path of the repository around \(path) has a line feed: rename it"
            )
        }
        var workTree: FilePath?
        if lines[3] == "true" {
            let top = try git.demand(["rev-parse", "--path-format=absolute", "--show-toplevel"]).text
            guard !top.contains("\n") else {
                throw Failure(.configuration, "the path of the work tree \(path) has a line feed: rename it")
            }
            workTree = FilePath(top)
        } else if lines[4] != "true" {
            throw Failure(.configuration, "\(path) is inside a git directory: pass the work tree instead")
        }
        return RepositoryLayout(
            gitDirectory: FilePath(lines[0]),
            commonDirectory: FilePath(lines[1]),
            workTree: workTree,
            objectFormat: format
        )
    }

    private static func refusal(_ answer: GitOutput, path: FilePath) -> Failure {
        if answer.errors.contains("not a git repository") {
            return Failure(
                .configuration,
                "\(path) is not in a git repository: run git init and make a first commit there"
            )
        }
        return Failure(.configuration, "git cannot read the repository around \(path): \(answer.reason)")
    }

    /// Landing as another user leaves objects that the owner cannot write beside.
    private static func requireOwner(of directory: FilePath) throws(Failure) {
        var status = stat()
        guard stat(directory.string, &status) == 0 else {
            throw Failure(.configuration, "cannot read \(directory): \(String(cString: strerror(errno)))")
        }
        let user = geteuid()
        guard status.st_uid == user else {
            throw Failure(
                .configuration,
                "\(directory) belongs to \(Self.name(of: status.st_uid)), and this runs as \(Self.name(of: user)): "
                    + "run ralphd as the repository's owner"
            )
        }
    }

    private static func name(of user: uid_t) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "user \(user)" }
        return String(cString: name)
    }
}
