import Foundation
package import RalphCore
import RalphProcess

package import struct SystemPackage.FilePath

/// A real git repository in a directory of its own, on which no configuration of this machine or its user has an effect.
package struct TemporaryRepository: Sendable {
    package let directory: TemporaryDirectory
    /// What git runs with; no variable of the surrounding process is in it.
    package let environment: [String: String]

    package var path: FilePath { directory.path }

    /// - Parameters:
    ///   - files: that many small files are in the first commit, fifty to a directory. None: no commit.
    ///   - branch: the one that is checked out.
    package init(files: Int = 0, branch: String = "main") throws {
        directory = try TemporaryDirectory("ralph-repository")
        environment = Self.isolatedEnvironment(home: directory.path)
        try git("init", "--quiet", "--initial-branch", branch)
        try git("config", "user.name", "Author")
        try git("config", "user.email", "author@example.org")
        guard files > 0 else { return }
        for number in 0..<files {
            try directory.write("file \(number)\n", to: "folder\(number / 50)/file\(number).txt")
        }
        try commit("Start")
    }

    /// A copy of a repository and its work tree, which is ten times quicker than making one.
    package init(copying template: TemporaryRepository) throws {
        directory = try TemporaryDirectory("ralph-repository")
        environment = Self.isolatedEnvironment(home: directory.path)
        try FileManager.default.removeItem(atPath: directory.path.string)
        try FileManager.default.copyItem(atPath: template.path.string, toPath: directory.path.string)
    }

    /// What keeps a git from reading this machine's configuration.
    package static func isolatedEnvironment(home: FilePath) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": home.string,
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
        ]
    }

    /// Runs git and returns its output without the last newline. Throws what it said when it fails.
    @discardableResult
    package func git(_ arguments: String...) throws(Failure) -> String { try git(arguments) }

    /// - Parameter input: written to its standard input.
    @discardableResult
    package func git(_ arguments: [String], input: String = "") throws(Failure) -> String {
        let result = try run(arguments, input: input)
        guard result.isSuccess else {
            let said = String(decoding: result.errors, as: UTF8.self)
            throw Failure(.git, "git \(arguments.joined(separator: " ")): \(result.ending): \(said)")
        }
        let output = String(decoding: result.output, as: UTF8.self)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Whether git succeeds, for what answers by its exit status.
    package func succeeds(_ arguments: String...) throws(Failure) -> Bool {
        try run(arguments, input: "").isSuccess
    }

    private func run(_ arguments: [String], input: String) throws(Failure) -> CapturedResult {
        try CapturedCommand(
            "git",
            arguments,
            environment: environment,
            directory: path,
            input: Array(input.utf8),
            deadline: .seconds(60)
        ).run()
    }

    /// Writes the files, adds all there is, and commits it, even if nothing changed.
    @discardableResult
    package func commit(_ message: String, _ files: [String: String] = [:]) throws -> ObjectID {
        for (name, text) in files { try directory.write(text, to: name) }
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", message)
        return try resolve("HEAD")
    }

    /// The object that a revision names.
    package func resolve(_ revision: String) throws(Failure) -> ObjectID {
        ObjectID(try git("rev-parse", "--verify", "--quiet", revision))
    }

    /// A file's content in a revision.
    package func show(_ name: String, in revision: String = "HEAD") throws(Failure) -> String {
        try git("cat-file", "blob", "\(revision):\(name)")
    }

    /// Subjects of the commits, newest first.
    package func subjects(of revision: String = "HEAD") throws(Failure) -> [String] {
        try git("log", "--format=%s", revision).split(separator: "\n").map(String.init)
    }
}
