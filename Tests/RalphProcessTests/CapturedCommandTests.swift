import Foundation
import Glibc
import RalphCore
import SystemPackage
import Testing

@testable import RalphProcess

private let path = ["PATH": "/usr/bin:/bin"]

private func shell(
    _ script: String,
    input: [UInt8] = [],
    deadline: Duration = .seconds(20),
    limit: Int = 64 << 20
) throws -> CapturedResult {
    try CapturedCommand(
        "sh",
        ["-c", script],
        environment: path,
        input: input,
        deadline: deadline,
        outputLimit: limit
    ).run()
}

private func pid(in output: [UInt8]) throws -> pid_t {
    try #require(pid_t(String(decoding: output, as: UTF8.self).dropLast()))
}

@Suite("a captured command", .timeLimit(.minutes(5)))
struct CapturedCommandTests {
    @Test("keeps both streams and the exit status")
    func streams() throws {
        let result = try shell("echo out; echo err >&2; exit 3")
        #expect(result.ending == .exited(3))
        #expect(result.output == Array("out\n".utf8))
        #expect(result.errors == Array("err\n".utf8))
        #expect(!result.isSuccess)
    }

    @Test("a signal is not an exit")
    func signalled() throws {
        #expect(try shell("kill -TERM $$").ending == .signaled(SIGTERM))
    }

    @Test("sees exactly the environment it is given, its directory, and no descriptor of ours")
    func environment() throws {
        let held = open("/dev/null", O_RDONLY)
        defer { close(held) }
        let result = try CapturedCommand(
            "/usr/bin/env",
            [],
            environment: ["A": "1"],
            directory: "/usr",
            deadline: .seconds(20)
        ).run()
        #expect(String(decoding: result.output, as: UTF8.self) == "A=1\n")
        #expect(try shell("ls /proc/self/fd | wc -l").output == Array("4\n".utf8))
        let place = try CapturedCommand(
            "pwd",
            [],
            environment: path,
            directory: "/usr",
            deadline: .seconds(20)
        ).run()
        #expect(place.output == Array("/usr\n".utf8))
    }

    @Test("has a session of its own, and signals at their defaults")
    func session() throws {
        signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, SIG_DFL) }
        let result = try shell(
            "read pid comm state ppid pgrp sid rest < /proc/self/stat; echo $(($pid-$sid)); kill -USR2 $$"
        )
        #expect(result.output == Array("0\n".utf8))
        #expect(result.ending == .signaled(SIGUSR2))
    }

    @Test("a missing program, a missing directory and a missing interpreter are told apart")
    func missing() throws {
        let script = FilePath(NSTemporaryDirectory()).appending("ralph-\(UUID().uuidString)")
        try Data("#!/no/such/interpreter -x\n".utf8).write(to: URL(filePath: script.string))
        chmod(script.string, 0o755)
        defer { unlink(script.string) }
        let cases: [(String, FilePath?, String)] = [
            ("no-such-program", nil, "no such program in PATH /usr/bin:/bin"),
            ("/no/such/program", nil, "there is no program at /no/such/program"),
            ("true", "/no/such/directory", "no directory to enter at /no/such/directory"),
            (script.string, nil, "its interpreter /no/such/interpreter is missing"),
        ]
        for (program, directory, message) in cases {
            let failure = #expect(throws: Failure.self) {
                try CapturedCommand(
                    program,
                    [],
                    environment: path,
                    directory: directory,
                    deadline: .seconds(9)
                ).run()
            }
            #expect(failure?.code == .notFound)
            #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
        }
    }

    @Test("is looked up in the PATH it is given, not in ours")
    func lookup() throws {
        #expect(throws: Failure.self) {
            try CapturedCommand("true", [], environment: ["PATH": "/nowhere"], deadline: .seconds(9)).run()
        }
    }

    @Test("a megabyte of input goes in while the output comes out")
    func bigInput() throws {
        let input = [UInt8](repeating: 7, count: 1 << 20)
        #expect(try shell("cat", input: input).output == input)
    }

    @Test("input that is never read neither blocks nor raises SIGPIPE")
    func unreadInput() throws {
        let result = try shell("exec 0<&-; exit 4", input: [UInt8](repeating: 7, count: 1 << 20))
        #expect(result.ending == .exited(4))
        #expect(try shell("exit 5", input: [UInt8](repeating: 7, count: 1 << 20)).ending == .exited(5))
    }

    @Test("its deadline kills the whole group")
    func deadline() throws {
        // A busy machine may end the shell before it has said whom it started: then it gets more time.
        for deadline in [Duration.milliseconds(150), .seconds(3), .seconds(15)] {
            let result = try shell("trap '' TERM; sleep 100 & echo $!; sleep 100", deadline: deadline)
            #expect(result.ending == .timedOut)
            guard !result.output.isEmpty else { continue }
            #expect(ends(try pid(in: result.output)))
            return
        }
        Issue.record("the shell never said whom it started")
    }

    @Test("a child in the background that holds the output does not hold up the command")
    func heldPipe() throws {
        let start = MonotonicInstant.now
        let result = try shell("sleep 100 & echo done")
        #expect(result.ending == .exited(0))
        #expect(result.output == Array("done\n".utf8))
        #expect(MonotonicInstant.now - start < .seconds(50))
    }

    @Test("output past the limit is dropped, and said to be")
    func limit() throws {
        let result = try shell("head -c 300000 /dev/zero", limit: 1000)
        #expect(result.output.count == 1000)
        #expect(result.isTruncated)
        #expect(result.isSuccess)
    }

    @Test("leaves no zombie")
    func zombies() throws {
        let result = try shell("true & echo $$")
        #expect(kill(try pid(in: result.output), 0) == -1)
    }
}
