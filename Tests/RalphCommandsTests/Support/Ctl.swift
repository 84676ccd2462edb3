import Foundation
import RalphAPI
import RalphCore
import Synchronization
import SystemPackage

@testable import RalphCommands

/// Keeps what was written; says after a number of writes that nobody reads any more.
final class MemorySink: OutputSink {
    private let written = Mutex<(bytes: [UInt8], writes: Int)>(([], 0))
    private let readsUntil: Int

    init(readsUntil: Int = .max) { self.readsUntil = readsUntil }

    func write(_ bytes: [UInt8]) throws(Failure) -> Bool {
        written.withLock { state in
            state.bytes += bytes
            state.writes += 1
            return state.writes < readsUntil
        }
    }

    var text: String { String(decoding: written.withLock { $0.bytes }, as: UTF8.self) }
    var writes: Int { written.withLock { $0.writes } }
}

/// `ralphctl` against a double, or against nobody, with a fixed clock.
struct Ctl {
    var terminal = Terminal.pipe
    var environment: [String: String] = [:]
    var directory: FilePath = "/"
    var output = MemorySink()
    var errors = MemorySink()
    var now = Moment.night
    var clock: any Clock<Duration> = ImmediateClock()
    var daemon: FakeProject?
    /// Instead of the double.
    var doors: Doors?

    init(_ daemon: FakeProject? = nil) { self.daemon = daemon }

    /// Runs it with a socket given, so that no instance is searched for.
    func ask(_ arguments: String...) async -> Int32 {
        await run(arguments + ["--socket", "/nowhere/ralphd.sock"])
    }

    func run(_ arguments: [String]) async -> Int32 {
        let daemon = daemon ?? .absent
        let local = Moment.local(now)
        let context = CommandContext(
            environment: environment,
            directory: directory,
            console: Console(output: output, errors: errors, terminal: terminal),
            localTime: { local },
            clock: clock,
            doors: doors
                ?? Doors(
                    daemon: { _ in daemon },
                    history: { directory, _ in
                        throw Failure(.internalError, "the history was not to be opened: \(directory)")
                    }
                )
        )
        return await Program.run(arguments, in: context)
    }
}

/// Sleeps for no time at all, unless told to sleep for ever.
struct ImmediateClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    var now: Instant { Instant(offset: .zero) }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws { try Task.checkCancellation() }
}
