import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

@Suite("traps", .timeLimit(.minutes(5)))
struct TrapTests {
    /// What the other tests of this process take meanwhile counts too; what is not let go would be more.
    private static let most = 200 << 20

    @Test(
        "trap 3: a hang after the final frame ends after the grace, and is told apart",
        arguments: containments
    )
    func trap3(containment: Containment) async {
        let spec = spec("echo working; echo result; trap '' TERM; sleep 100", in: containment)
        let result = await runTree(
            spec,
            onLine: { _, line, _ in line == Array("result".utf8) ? .finalFrameSeen : .go }
        )
        #expect(result.ending == .finishedEarly)
        #expect(result.duration < .seconds(50))
        #expect(alive(spec).isEmpty)
    }

    @Test("trap 3: one that leaves by itself after its final frame keeps its own exit")
    func trap3OwnExit() async {
        var spec = spec("echo result; sleep 0.05; exit 4")
        spec.lingerAfterFinalFrame = .seconds(20)
        let result = await runTree(spec, onLine: { _, _, _ in .finalFrameSeen })
        #expect(result.ending == .exited(4))
    }

    @Test("trap 4: killed before its final frame, it is never an exit", arguments: containments)
    func trap4(containment: Containment) async {
        var spec = spec("trap 'exit 0' TERM; while :; do sleep 0.01; done", in: containment)
        spec.timeout = .milliseconds(150)
        #expect(await runTree(spec, onLine: { _, _, _ in .go }).ending == .timedOut)
    }

    @Test("trap 10: NUL, invalid UTF-8, U+2028 and form feed are bytes of a line")
    func trap10Bytes() async {
        let lines = Lines()
        _ = await runTree(
            spec(#"printf 'a\000b\377\376c\342\200\250d\f\vend\nnext\r\n\n'"#),
            onLine: lines.reader
        )
        #expect(
            lines.bytes == [
                [97, 0, 98, 255, 254, 99, 0xE2, 0x80, 0xA8, 100, 12, 11, 101, 110, 100],
                Array("next\r".utf8), [],
            ]
        )
    }

    @Test("trap 10: a line of 300 MB is cut once, the next one is whole, and memory stays flat")
    func trap10LongLine() async throws {
        let lines = Lines()
        let before = try residentMemory()
        let result = await runTree(
            spec("head -c 300000000 /dev/zero; echo; echo next"),
            onLine: { _, line, isCut in
                lines.append(isCut ? Array("cut \(line.count)".utf8) : line)
                return .go
            }
        )
        #expect(result.ending == .exited(0))
        #expect(lines.texts == ["cut \(LineSplitter.bound)", "next"])
        #expect(result.cutLines == 1)
        #expect(result.outputBytes == 300_000_006)
        #expect(try residentMemory() - before < Self.most)
    }

    @Test(
        "trap 11: a megabyte of prompt that is never read: no dead-lock, no SIGPIPE",
        arguments: containments
    )
    func trap11(containment: Containment) async {
        var unread = spec("head -c 200000 /dev/zero; sleep 0.05; exit 6", in: containment)
        unread.input = [UInt8](repeating: 65, count: 1 << 20)
        #expect(await runTree(unread, onLine: { _, _, _ in .go }).ending == .exited(6))
        var closed = spec("exec 0<&-; exit 7", in: containment)
        closed.input = unread.input
        #expect(await runTree(closed, onLine: { _, _, _ in .go }).ending == .exited(7))
        var read = spec("wc -c", in: containment)
        read.input = unread.input
        let lines = Lines()
        _ = await runTree(read, onLine: lines.reader)
        #expect(lines.texts == ["1048576"])
    }

    @Test("a flood of 400 MB leaves memory flat and the log within its bound")
    func flood() async throws {
        let place = try TemporaryDirectory()
        var spec = spec(
            #"yes "$(printf '%01000d' 7)" | head -c 400000000"#
        )
        let log = place.path.appending("output.log")
        spec.log = LogSink(output: log, limit: 8 << 20)
        let before = try residentMemory()
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.outputBytes == 400_000_000)
        #expect(try residentMemory() - before < Self.most)
        let size = try place.bytes(of: "output.log").count
        #expect(size <= 8 << 20)
        #expect(size > 4 << 20)
    }

    @Test("an agent that closes its output and works on is waited for", arguments: containments)
    func closedOutput(containment: Containment) async {
        let result = await runTree(
            spec("exec >&- 2>&-; sleep 0.2; exit 5", in: containment),
            onLine: { _, _, _ in .go }
        )
        #expect(result.ending == .exited(5))
        #expect(result.duration > .milliseconds(150))
    }

    @Test("a child that holds the pipe does not hold up the end", arguments: containments)
    func heldPipe(containment: Containment) async {
        let spec = spec("(setsid sleep 100 &); echo done", in: containment)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.ending == .exited(0))
        #expect(result.duration < .seconds(50))
        #expect(alive(spec).isEmpty)
    }
}
