import Foundation
import Glibc
import Testing

@testable import RalphProcess

/// A process that nobody watches, as an earlier life leaves it; a zombie of ours once it has ended, and reaped by `reap`.
private func abandoned(mark: String, _ script: String = "exec sleep 100") throws -> ProcessIdentity {
    let launch = Launch(
        program: "sh",
        arguments: ["-c", script],
        environment: ["PATH": "/usr/bin:/bin", ProcessMark.variable: mark]
    )
    return try #require(ProcessIdentity(pid: launch.spawn(standard: (-1, -1, -1))))
}

private func reap(_ processes: ProcessIdentity...) {
    for process in processes {
        process.signal(SIGKILL)
        waitpid(process.pid, nil, 0)
    }
}

@Suite("leftovers of an earlier life", .timeLimit(.minutes(5)))
struct LeftoverTests {
    private let prefix = "leftover-\(UUID().uuidString)/"

    @Test("are found by the prefix of their mark, and end")
    func sweep() throws {
        let one = try abandoned(mark: prefix + "1")
        let other = try abandoned(mark: "other-\(UUID().uuidString)/1")
        let killed = Leftovers(markPrefix: prefix).sweep()
        #expect(killed.contains(one))
        #expect(!one.isAlive)
        #expect(other.isAlive)
        #expect(Leftovers(markPrefix: prefix).find().isEmpty)
        reap(one, other)
    }

    @Test("a recorded process ends only if pid, start time and mark agree")
    func identity() throws {
        let mark = prefix + "7"
        let process = try abandoned(mark: mark)
        let leftovers = Leftovers(markPrefix: prefix)
        let later = ProcessIdentity(pid: process.pid, startTime: process.startTime + 1)
        #expect(leftovers.end(later, mark: mark).isEmpty)
        #expect(leftovers.end(process, mark: prefix + "8").isEmpty)
        #expect(process.isAlive)
        #expect(leftovers.end(process, mark: mark) == [process])
        #expect(!process.isAlive)
        reap(process)
    }

    @Test("what a recorded process started ends with it, marked or not")
    func kin() throws {
        let mark = prefix + "9"
        let process = try abandoned(mark: mark, "env -i /bin/sleep 100 & sleep 100")
        while ProcessEntry.all().filter({ $0.session == process.pid }).count < 3 { sched_yield() }
        #expect(Leftovers(markPrefix: prefix).end(process, mark: mark).count == 3)
        #expect(ProcessEntry.all().filter { $0.session == process.pid && $0.isAlive }.isEmpty)
        reap(process)
    }

    @Test("an identity is that of one process only")
    func ourselves() throws {
        let identity = try #require(ProcessIdentity(pid: getpid()))
        #expect(identity.isAlive)
        #expect(!ProcessIdentity(pid: getpid(), startTime: identity.startTime + 1).signal(0))
        #expect(identity.signal(0))
        #expect(ProcessIdentity(pid: 0) == nil)
    }
}
