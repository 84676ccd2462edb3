import Foundation
import Glibc
import RalphCore
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("A directory that holds exactly our files", .timeLimit(.minutes(5)))
struct ExactDirectoryTests {
    /// What an agent may make of it; `victim` is a file beside it.
    static let attacks = [
        "true", "echo more >> own/a", ": > own/a", "echo x > own/a", "rm own/a", "rm own/sub/b",
        "rm -r own/sub",
        "rm -r own", "echo x > own/new", "mkdir own/new", "touch own/.hidden", "chmod 600 own/a",
        "chmod 444 own/a",
        "chmod 700 own", "chmod 000 own/sub", "rm own/a && ln victim own/a", "ln own/a other",
        "rm own/a && ln -s ../victim own/a", "rm -r own/sub && ln -s .. own/sub", "rm -r own && ln -s . own",
        "rm own/a && mkfifo own/a", "rm own/a && mkdir own/a", "rm -r own && echo x > own",
        "rm -r own && mkfifo own",
        "rm own/sub/b && mkdir -p own/sub/b/c/d/e", "mv own/sub own/sub2", "printf a > own/$(printf '\\377')",
    ]

    @discardableResult
    private func shell(_ script: String, in directory: TemporaryDirectory) throws -> String {
        let result = try CapturedCommand(
            "/bin/sh",
            ["-e", "-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: directory.path,
            deadline: .seconds(20)
        ).run()
        #expect(result.isSuccess, "\(String(decoding: result.errors, as: UTF8.self))")
        return String(decoding: result.output, as: UTF8.self)
    }

    private func state(of directory: TemporaryDirectory) throws -> String {
        try shell(
            "cd own && find . -printf '%y %m %n %p\\n' | sed 's/^d \\([0-7]*\\) [0-9]*/d \\1/' | sort && cat a sub/b",
            in: directory
        )
    }

    @Test("is that again, whatever was made of it, and nothing else is touched", arguments: attacks)
    func attacked(script: String) throws {
        let directory = try TemporaryDirectory("ralph-exact")
        try directory.write("mine\n", to: "victim")
        let trash = try Trash(in: directory.path)
        let own = ExactDirectory(
            path: directory.path.appending("own"),
            directories: ["sub", "sub/empty"],
            files: ["a": Array("one\n".utf8), "sub/b": Array("two\n".utf8)]
        )
        try own.establish(trash: trash)
        let before = try state(of: directory)
        #expect(before.hasSuffix("one\ntwo\n"))
        try shell(script, in: directory)
        try own.establish(trash: trash)
        #expect(try state(of: directory) == before)
        #expect(try directory.read("victim") == "mine\n")
    }

    @Test("keeps what is as it should be, and writes over what only has other content")
    func reused() throws {
        let directory = try TemporaryDirectory("ralph-exact")
        let trash = try Trash(in: directory.path)
        let path = directory.path.appending("own")
        func establish(_ content: String) throws -> UInt64? {
            let files = ["a": Array(content.utf8), "b": Array("same".utf8)]
            try ExactDirectory(path: path, directories: [], files: files).establish(trash: trash)
            #expect(try directory.read("own/a") == content)
            #expect(try directory.read("own/b") == "same")
            return PathStatus(at: path.appending("a"))?.inode
        }
        let first = try establish("a long content")
        for content in ["", "short", "a much longer content than before", "short"] {
            #expect(try establish(content) == first)
        }
    }
}
