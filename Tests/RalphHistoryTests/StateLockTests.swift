import Foundation
import Glibc
import RalphCore
import RalphHistory
import SystemPackage
import Testing

@Suite("one daemon per state directory", .timeLimit(.minutes(5)))
struct StateLockTests {
    private let state = TemporaryState()

    @Test("a second daemon is refused with 75 and told who the first is")
    func second() throws {
        let first = try StateLock.acquire(directory: state.directory, name: "tally\nx")
        let failure = #expect(throws: Failure.self) {
            try StateLock.acquire(directory: state.directory, name: "other")
        }
        #expect(failure?.code == .busy)
        #expect(failure?.code.exitCode == 75)
        #expect(failure?.message.contains("tallyx (pid \(getpid()))") == true)
        first.release()
        first.release()
        let third = try StateLock.acquire(directory: state.directory, name: "third")
        withExtendedLifetime(third) {}
    }

    @Test("a lock that nobody holds any more is free")
    func forgotten() throws {
        _ = try StateLock.acquire(directory: state.directory, name: "a")
        let again = try StateLock.acquire(directory: state.directory, name: "b")
        #expect(throws: Failure.self) { try StateLock.acquire(directory: state.directory, name: "c") }
        again.release()
    }

    @Test("neither the lock nor the database is inherited by a process that is started")
    func inheritance() throws {
        let lock = try StateLock.acquire(directory: state.directory, name: "a")
        let history = try state.open()
        _ = try history.items()
        let closeOnExec = 0o2000000
        var seen = 0
        for number in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            guard target?.hasPrefix(state.directory.string) == true else { continue }
            let info = try String(contentsOfFile: "/proc/self/fdinfo/\(number)", encoding: .utf8)
            let flags = try #require(info.split(separator: "\n").first { $0.hasPrefix("flags:") })
            let value = try #require(Int(flags.split(separator: "\t")[1], radix: 8))
            #expect(value & closeOnExec != 0, "\(target ?? "")")
            seen += 1
        }
        #expect(seen >= 3)
        lock.release()
    }

    @Test("one that a dead daemon's last child still holds for an instant is waited for")
    func lastChild() throws {
        try StateLock.acquire(directory: state.directory, name: "a").release()
        let child = try FileDescriptor.open(state.directory.appending("lock"), .readWrite)
        #expect(flock(child.rawValue, LOCK_EX | LOCK_NB) == 0)
        Thread.detachNewThread {
            usleep(200_000)
            try? child.close()
        }
        try StateLock.acquire(directory: state.directory, name: "b").release()
    }

    @Test("a state directory that cannot be made is said with its path")
    func impossible() throws {
        let failure = #expect(throws: Failure.self) {
            try StateLock.acquire(directory: "/dev/null/state", name: "a")
        }
        #expect(failure?.code == .storage)
        #expect(failure?.message.contains("/dev/null/state") == true)
    }
}
