internal import Glibc
package import RalphCore
package import RalphProcess
package import SystemPackage

/// How git is run everywhere in this program: an environment built from nothing, an explicit repository, no discovery,
/// no hooks, no background work, a deadline, and a process group that is killed when it passes.
///
/// A value: copy it and change a field for a variation.
package struct GitCommand: Sendable {
    /// Whose configuration git reads beside the repository's own.
    package enum Scope: Sendable {
        /// None: for the store, whose work trees belong to agents.
        case repositoryOnly
        /// The person's and the system's, as if the person had typed the command.
        case personal
    }

    package var host: GitHost
    /// Nil only where a repository is being looked for from `directory`.
    package var gitDirectory: FilePath?
    package var workTree: FilePath?
    /// A private index. Its `.lock` is ours, and is removed when the command is killed.
    package var index: FilePath?
    package var scope: Scope
    package var identity: Identity = .daemon
    /// Added to the safe settings as `-c key=value`, and winning over them.
    package var settings: [(key: String, value: String)] = []
    /// Working directory. Nil: the work tree, else the git directory.
    package var directory: FilePath?
    package var deadline: Duration = .seconds(120)

    package init(_ host: GitHost, gitDirectory: FilePath?, scope: Scope) {
        self.host = host
        self.gitDirectory = gitDirectory
        self.scope = scope
    }

    /// Enough for the names of two million files.
    private static let outputLimit = 256 << 20

    /// Settings that hold for every command, whatever a configuration file says.
    private static let safeSettings: [(key: String, value: String)] = [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("core.splitIndex", "false"),
        ("core.quotePath", "false"), ("submodule.recurse", "false"), ("gc.auto", "0"),
        ("maintenance.auto", "false"), ("protocol.allow", "never"),
    ]

    /// Runs `git` with these arguments to its end. A command that fails is a value; throws only if it cannot start.
    package func run(_ arguments: [String], input: [UInt8] = []) throws(Failure) -> GitOutput {
        let result = try CapturedCommand(
            host.git.string,
            settingArguments + arguments,
            environment: environment,
            directory: directory ?? workTree ?? gitDirectory,
            input: input,
            deadline: deadline,
            outputLimit: Self.outputLimit
        ).run()
        if case .exited = result.ending {} else { removeStaleLock() }
        guard !result.isTruncated else {
            throw Failure(
                .git,
                "git \(arguments.first ?? "") said more than can be held: the tree is too large"
            )
        }
        return GitOutput(
            ending: result.ending,
            bytes: result.output,
            errors: String(decoding: result.errors, as: UTF8.self)
        )
    }

    /// Runs `git` and throws `Failure(.git)` with git's own words unless it exits 0.
    package func demand(_ arguments: [String], input: [UInt8] = []) throws(Failure) -> GitOutput {
        let output = try run(arguments, input: input)
        guard output.isSuccess else {
            let code: Failure.Code = output.isDiskFull ? .storage : .git
            throw Failure(code, "git \(arguments.first ?? "") failed: \(output.reason)")
        }
        return output
    }

    /// Removes the lock of the private index that a killed command left. Only for an index that no one else uses.
    package func removeStaleLock() {
        guard let index else { return }
        unlink(index.string + ".lock")
    }

    /// Starts a long-lived git that answers on a pipe, with the same settings and environment.
    package func converse(_ arguments: [String]) throws(Failure) -> CoProcess {
        try CoProcess(
            host.git.string,
            settingArguments + arguments,
            environment: environment,
            directory: directory ?? workTree ?? gitDirectory,
            deadline: deadline
        )
    }

    /// All arguments of the program, settings first.
    func commandLine(_ arguments: [String]) -> [String] { settingArguments + arguments }

    private var settingArguments: [String] {
        (Self.safeSettings + settings).flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    /// Built from nothing. Literal path specifications, no lazy fetching by prompts, no replacement objects.
    package var environment: [String: String] {
        var variables = [
            "PATH": host.searchPath, "LC_ALL": "C", "HOME": "/nonexistent",
            "GIT_NO_REPLACE_OBJECTS": "1", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1", "GIT_EDITOR": "true", "GIT_PAGER": "cat",
            "GIT_AUTHOR_NAME": identity.name, "GIT_AUTHOR_EMAIL": identity.email,
            "GIT_COMMITTER_NAME": identity.name, "GIT_COMMITTER_EMAIL": identity.email,
        ]
        if scope == .repositoryOnly {
            variables["GIT_CONFIG_NOSYSTEM"] = "1"
            variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
        } else {
            variables["HOME"] = host.home?.string
            variables["XDG_CONFIG_HOME"] = host.configurationHome?.string
        }
        variables["GIT_DIR"] = gitDirectory?.string
        variables["GIT_WORK_TREE"] = workTree?.string
        variables["GIT_INDEX_FILE"] = index?.string
        return variables
    }
}
