import Foundation
import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

/// An agent that does something that others have done, and how its run has to end.
struct Misbehaviour: CustomTestStringConvertible, Sendable {
    var name: String
    var script: String
    var ending: ProcessEnding
    /// It would reach what does not belong to it, were it not alone in its namespace.
    var needsNamespace = false
    var idle: Duration?

    var testDescription: String { name }

    static let all: [Misbehaviour] = [
        Misbehaviour(name: "forks twice", script: "(sh -c 'sleep 100 &' &); exit 3", ending: .exited(3)),
        Misbehaviour(
            name: "takes a session of its own",
            script: "setsid sh -c 'trap \"\" TERM HUP; sleep 100' & sleep 0.1; exit 3",
            ending: .exited(3)
        ),
        Misbehaviour(
            name: "ignores SIGTERM",
            script: "trap '' TERM HUP INT; while :; do sleep 0.05; done",
            ending: .timedOut
        ),
        Misbehaviour(
            name: "stops itself",
            script: "kill -STOP $$",
            ending: .stalled,
            idle: .milliseconds(300)
        ),
        Misbehaviour(
            name: "stops itself, deaf",
            script: "trap '' TERM CONT; kill -STOP $$; sleep 100",
            ending: .timedOut
        ),
        Misbehaviour(name: "holds the pipe open", script: "setsid sleep 100 & exit 3", ending: .exited(3)),
        Misbehaviour(name: "closes its output", script: "exec >&- 2>&-; sleep 100", ending: .timedOut),
        Misbehaviour(name: "floods", script: "yes $(printf '%0900d' 7)", ending: .timedOut),
        Misbehaviour(name: "floods without a newline", script: "cat /dev/zero", ending: .timedOut),
        Misbehaviour(name: "takes its mark off", script: "exec env -i /bin/sleep 100", ending: .timedOut),
        Misbehaviour(
            name: "forks without end, within a bound",
            script:
                "ulimit -u 100000; f() { [ $1 -gt 6 ] || { f $(($1+1)) & f $(($1+1)) & }; sleep 100; }; f 0",
            ending: .timedOut
        ),
        Misbehaviour(
            name: "leaves a server",
            script: "python3 -m http.server --bind 127.0.0.1 0 >/dev/null 2>&1 & sleep 0.2; exit 3",
            ending: .exited(3)
        ),
        Misbehaviour(
            name: "kills all that it can",
            script: "kill -9 -1; exit 3",
            ending: .exited(3),
            needsNamespace: true
        ),
        Misbehaviour(
            name: "kills by name",
            script: "pkill -9 -f '[s]wiftpm|[r]alphd|[x]ctest'; exit 3",
            ending: .exited(3),
            needsNamespace: true
        ),
        Misbehaviour(name: "removes its directory", script: "rm -rf \"$PWD\"; exit 3", ending: .exited(3)),
        Misbehaviour(
            name: "makes its directory read-only",
            script: "chmod 0 \"$PWD\"; exit 3",
            ending: .exited(3)
        ),
        Misbehaviour(name: "is killed by itself", script: "kill -KILL $$", ending: .signaled(SIGKILL)),
    ]

    struct Case: CustomTestStringConvertible, Sendable {
        var what: Misbehaviour
        var containment: Containment
        var testDescription: String { "\(what.name), \(containment.name)" }
    }

    /// Each in every containment that this machine offers.
    static let cases: [Case] = containments.flatMap { containment in
        all.filter { !$0.needsNamespace || containment.name == "namespace" }.map {
            Case(what: $0, containment: containment)
        }
    }
}

@Suite("an agent that", .timeLimit(.minutes(5)))
struct MisbehaviourTests {
    @Test(
        "traps 3, 13, 27, 30: misbehaves ends as documented, and leaves nothing alive",
        arguments: Misbehaviour.cases
    )
    func ends(_ it: Misbehaviour.Case) async throws {
        let place = try TemporaryDirectory()
        let work = place.path.appending("work")
        try FileManager.default.createDirectory(atPath: work.string, withIntermediateDirectories: true)
        defer { chmod(work.string, 0o755) }
        var spec = spec(it.what.script, in: it.containment)
        spec.directory = work
        spec.timeout = it.what.idle == nil ? .milliseconds(400) : .seconds(20)
        spec.idleTimeout = it.what.idle
        spec.watchedDirectory = work
        spec.log = LogSink(output: place.path.appending("log"), limit: 4 << 20)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        let isShell = it.containment.name == "namespace" && it.what.ending == .signaled(SIGKILL)
        #expect(result.ending == (isShell ? .exited(128 + SIGKILL) : it.what.ending))
        #expect(result.duration < .seconds(40))
        #expect(alive(spec).isEmpty)
        let log = try FileManager.default.attributesOfItem(atPath: place.path.string + "/log")[.size] as? Int
        #expect((log ?? 0) <= 4 << 20)
    }

    @Test("streams a gigabyte, four at once, costs the daemon less than 32 MiB", .enabled(if: runsLongTests))
    func memory() async throws {
        let place = try TemporaryDirectory()
        func stream(_ number: Int) async -> TreeResult {
            var spec = spec("yes \"$(printf '%01000d' 7)\" | head -c 1000000000", in: .group)
            spec.timeout = .seconds(600)
            spec.log = LogSink(output: place.path.appending("log-\(number)"))
            return await runTree(spec, onLine: { _, _, _ in .go })
        }
        let before = try residentMemory()
        let peak = Peak()
        let watch = Thread { while !peak.isOver { peak.note((try? residentMemory()) ?? 0); usleep(20_000) } }
        watch.start()
        async let results = [stream(1), stream(2), stream(3), stream(4)]
        #expect(await results.map(\.outputBytes) == Array(repeating: 1_000_000_000, count: 4))
        peak.end()
        print("four streams of 1 GB: + \((peak.highest - before) / 1024) KiB")
        #expect(peak.highest - before < 32 << 20)
    }
}

/// Longer ones run with `make test-long`.
private let runsLongTests = ProcessInfo.processInfo.environment["RALPH_LONG_TESTS"] != nil
