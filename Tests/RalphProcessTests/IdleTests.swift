import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

@Suite("the stall deadline", .timeLimit(.minutes(5)))
struct IdleTests {
    private func run(
        _ script: String,
        idle: Duration = .seconds(3),
        in containment: Containment,
        watching: FilePath? = nil
    ) async -> TreeResult {
        var spec = spec(script, in: containment)
        spec.idleTimeout = idle
        spec.watchedDirectory = watching
        return await runTree(spec, onLine: { _, _, _ in .go })
    }

    @Test("silence without work is a stall, not a timeout", arguments: containments)
    func silence(containment: Containment) async {
        let result = await run("sleep 100", idle: .milliseconds(240), in: containment)
        #expect(result.ending == .stalled)
        #expect(result.duration > .milliseconds(230) && result.duration < .seconds(50))
    }

    @Test("silence from the start on is a stall sooner, where that is asked for", arguments: containments)
    func start(containment: Containment) async {
        var silent = spec("sleep 100", in: containment)
        (silent.idleTimeout, silent.startTimeout) = (.seconds(60), .milliseconds(240))
        let result = await runTree(silent, onLine: { _, _, _ in .go })
        #expect(result.ending == .stalled)
        #expect(result.duration < .seconds(30))
        var talking = spec("echo here; sleep 0.6; exit 4", in: containment)
        (talking.idleTimeout, talking.startTimeout) = (.seconds(60), .milliseconds(240))
        #expect(await runTree(talking, onLine: { _, _, _ in .go }).ending == .exited(4))
    }

    @Test("output is a sign of life", arguments: containments)
    func output(containment: Containment) async {
        let result = await run(
            "for i in $(seq 45); do echo $i; sleep 0.1; done",
            in: containment
        )
        #expect(result.ending == .exited(0))
    }

    @Test("processor time anywhere in the tree is a sign of life", arguments: containments)
    func work(containment: Containment) async {
        let result = await run(
            "(setsid timeout 4.8 sh -c 'while :; do :; done' &); sleep 4.8; exit 3",
            in: containment
        )
        #expect(result.ending == .exited(3))
    }

    @Test("a changed file is a sign of life", arguments: containments)
    func files(containment: Containment) async throws {
        let place = try TemporaryDirectory()
        try place.write("x", to: "a/b/c.txt")
        let script =
            "cd \(place.path)/a/b; for i in $(seq 45); do echo $i > c.txt; sleep 0.1; done; exit 3"
        #expect(await run(script, in: containment, watching: place.path).ending == .exited(3))
        #expect(
            await run("sleep 100", idle: .milliseconds(240), in: containment, watching: place.path).ending
                == .stalled
        )
    }

    @Test("changes are found by the inode's time, whatever the file's says")
    func backdated() throws {
        let place = try TemporaryDirectory()
        let file = try place.write("x", to: "old.txt")
        var times = [timeval(tv_sec: 0, tv_usec: 0), timeval(tv_sec: 0, tv_usec: 0)]
        utimes(file.string, &times)
        #expect(try #require(NewestChange(in: place.path).age(ifUnder: .seconds(60))) < .seconds(30))
        #expect(NewestChange(in: "/usr/include").age(ifUnder: .milliseconds(1)) == nil)
    }
}
