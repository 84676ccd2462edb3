import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

@Suite("a process tree", .timeLimit(.minutes(5)))
struct RunTreeTests {
    @Test("hands out its lines, and tells how it ended", arguments: containments)
    func lines(containment: Containment) async {
        let out = Lines()
        let err = Lines()
        let result = await runTree(
            spec("echo one; echo two >&2; printf three; exit 3", in: containment),
            onLine: { stream, line, _ in
                (stream == .output ? out : err).append(line)
                return .go
            }
        )
        #expect(result.ending == .exited(3))
        #expect(out.texts == ["one", "three"])
        #expect(err.texts == ["two"])
        #expect(result.outputBytes == 9)
        #expect(result.errorTail == Array("two\n".utf8))
        #expect(result.identity != nil)
        #expect(result.survivorsKilled == 0)
    }

    @Test(
        "has its directory, its environment and its mark, and no descriptor of ours",
        arguments: containments
    )
    func surroundings(containment: Containment) async {
        let lines = Lines()
        var spec = spec("pwd; echo $A; echo $RALPH_MARK; ls /proc/self/fd | wc -l", in: containment)
        spec.directory = "/usr"
        spec.environment["A"] = "a b"
        _ = await runTree(spec, onLine: lines.reader)
        #expect(lines.texts == ["/usr", "a b", spec.mark, "4"])
    }

    @Test("that cannot start is a result, with the reason", arguments: containments)
    func missing(containment: Containment) async {
        var missing = spec("", in: containment)
        missing.program = "no-such-agent"
        let result = await runTree(missing, onLine: { _, _, _ in .go })
        #expect(
            result.ending
                == .couldNotStart(
                    errno: ENOENT,
                    message: "cannot start no-such-agent: no such program in PATH /usr/bin:/bin"
                )
        )
    }

    @Test("ends at its wall deadline", arguments: containments)
    func timeout(containment: Containment) async {
        var spec = spec("sleep 100", in: containment)
        spec.timeout = .milliseconds(200)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.ending == .timedOut)
        #expect(result.duration < .seconds(50))
    }

    @Test("may end gracefully on SIGTERM", arguments: containments)
    func graceful(containment: Containment) async {
        let lines = Lines()
        var spec = spec(
            "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done",
            in: containment
        )
        spec.timeout = .milliseconds(300)
        spec.grace = .seconds(20)
        let result = await runTree(spec, onLine: lines.reader)
        #expect(result.ending == .timedOut)
        #expect(lines.texts == ["ready", "bye"])
        #expect(result.duration < .seconds(50))
    }

    @Test("that ignores SIGTERM, forks twice and changes its session is all dead", arguments: containments)
    func stubborn(containment: Containment) async {
        var spec = spec(
            """
            trap '' TERM HUP
            (setsid sh -c 'trap "" TERM; sleep 100' & )
            sleep 100 & sleep 100
            """,
            in: containment
        )
        spec.timeout = .milliseconds(300)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.ending == .timedOut)
        #expect(alive(spec).isEmpty)
    }

    @Test(
        "trap 30: a daemonised child, a server, a stopped process: none lives after a normal end",
        arguments: containments
    )
    func trap30(containment: Containment) async throws {
        let lines = Lines()
        let spec = spec(
            """
            (setsid sh -c 'trap "" TERM HUP; exec sleep 100' >/dev/null 2>&1 & )
            sleep 100 &
            sh -c 'kill -STOP $$' &
            echo done
            """,
            in: containment
        )
        let result = await runTree(spec, onLine: lines.reader)
        #expect(result.ending == .exited(0))
        #expect(lines.texts == ["done"])
        #expect(alive(spec).isEmpty)
        if containment == .group { #expect(result.survivorsKilled > 0) }
    }

    @Test("a process that took its mark off and stayed in the session is found", arguments: containments)
    func unmarked(containment: Containment) async throws {
        let lines = Lines()
        let spec = spec("env -i /bin/sleep 54321.125 & echo done", in: containment)
        let result = await runTree(spec, onLine: lines.reader)
        #expect(result.ending == .exited(0))
        let sleeper = try CapturedCommand(
            "pgrep",
            ["-f", "sleep 54321[.]125"],
            environment: ["PATH": "/usr/bin:/bin"],
            deadline: .seconds(9)
        ).run()
        #expect(sleeper.output.isEmpty)
    }

    @Test("stopped by itself, it stalls and is killed", arguments: containments)
    func stopped(containment: Containment) async {
        var spec = spec("echo here; kill -STOP $$; echo never", in: containment)
        spec.idleTimeout = .milliseconds(200)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.ending == .stalled)
        #expect(alive(spec).isEmpty)
    }

    @Test("cancelling the task ends it by the ladder", arguments: containments)
    func cancelled(containment: Containment) async {
        let lines = Lines()
        let spec = spec(
            "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done",
            in: containment
        )
        let (started, start) = AsyncStream<Void>.makeStream()
        let run = Task {
            await runTree(
                spec,
                onLine: { stream, line, isCut in
                    start.yield()
                    return lines.reader(stream, line, isCut)
                }
            )
        }
        for await _ in started { break }
        run.cancel()
        let result = await run.value
        #expect(result.ending == .cancelled)
        #expect(lines.texts == ["ready", "bye"])
        #expect(alive(spec).isEmpty)
    }

    @Test("cancelled before it starts, it never starts")
    func cancelledEarly() async {
        let spec = spec("echo never")
        let lines = Lines()
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await runTree(spec, onLine: lines.reader)
        }
        let result = await run.value
        #expect(result.ending == .cancelled)
        #expect(result.identity == nil)
        #expect(lines.texts.isEmpty)
    }

    @Test("`kill 0` in the tree ends its own group, and is told as its own end", arguments: containments)
    func killZero(containment: Containment) async {
        let result = await runTree(
            spec("kill -TERM 0; sleep 100", in: containment),
            onLine: { _, _, _ in .go }
        )
        #expect(
            containment.name != "namespace"
                ? result.ending == .signaled(SIGTERM) : result.ending == .exited(128 + SIGTERM)
        )
    }
}
