import Glibc
import RalphCore
import Testing

@testable import RalphProcess

private func start(_ script: String, deadline: Duration = .seconds(20)) throws -> CoProcess {
    try CoProcess("sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], deadline: deadline)
}

@Suite("a co-process", .timeLimit(.minutes(5)))
struct CoProcessTests {
    @Test("answers line by line and by count")
    func answers() throws {
        let cat = try start("cat")
        try cat.write(Array("one\ntwo\nxyz".utf8))
        #expect(try cat.readLine() == Array("one".utf8))
        #expect(try cat.readLine() == Array("two".utf8))
        #expect(try cat.read(3) == Array("xyz".utf8))
        cat.end()
        #expect(throws: Failure.self) { try cat.readLine() }
    }

    @Test("a large write does not dead-lock on answers that nobody reads yet")
    func large() throws {
        let cat = try start("cat")
        let bytes = [UInt8](repeating: 65, count: 3 << 20)
        try cat.write(bytes)
        #expect(try cat.read(bytes.count) == bytes)
    }

    @Test("silence ends with its deadline, and kills it")
    func silence() throws {
        let mute = try start("sleep 100", deadline: .milliseconds(100))
        let failure = #expect(throws: Failure.self) { try mute.readLine() }
        #expect(failure?.message.contains("did not answer in 0.1 seconds") == true)
    }

    @Test("its death is told with what it said")
    func death() throws {
        let dead = try start("echo no repository here >&2; exit 128")
        let failure = #expect(throws: Failure.self) { try dead.readLine() }
        #expect(failure?.message == "sh ended its output: no repository here")
        #expect(throws: Failure.self) { while true { try dead.write([1]) } }
    }

    @Test("let go of, it is not left running")
    func released() throws {
        let pid: pid_t
        do {
            let child = try start("echo $$; cat; sleep 100")
            pid = try #require(pid_t(String(decoding: child.readLine(), as: UTF8.self)))
        }
        #expect(kill(pid, 0) == -1)
    }
}
