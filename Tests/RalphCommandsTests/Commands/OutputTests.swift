import Foundation
import RalphAPI
import RalphCore
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("where output goes")
struct OutputTests {
    @Test("a reader that went away ends a command quietly, with the exit code that it has anyway")
    func brokenPipe() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try FileDescriptor.pipe()
        try pipe.readEnd.close()
        let sink = DescriptorSink(descriptor: pipe.writeEnd)
        let errors = MemorySink()
        let daemon = FakeProject { $0.statuses = [StatusFixture.sleeping] }
        let context = CommandContext(
            environment: [:],
            directory: "/",
            console: Console(output: sink, errors: errors, terminal: .pipe),
            localTime: { Moment.local() },
            clock: ImmediateClock(),
            doors: Doors(daemon: { _ in daemon }, history: { _, _ in daemon })
        )
        #expect(await Program.run(["status", "--socket", "/nowhere"], in: context) == 3)
        #expect(errors.text.isEmpty)
        try pipe.writeEnd.close()
    }

    @Test("output that cannot be written is a failure that says so")
    func fullDisk() async throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        let failure = #expect(throws: Failure.self) { try DescriptorSink(descriptor: full).write("x") }
        #expect(failure?.message.hasPrefix("cannot write the output: ") == true)
    }

    @Test(
        "events are lines with the item's key, or JSON objects, until the daemon stops",
        .timeLimit(.minutes(5))
    )
    func watch() async {
        let records = [
            EventRecord(
                id: EventID(1),
                at: Moment.night,
                kind: .iterationStarted,
                item: ItemID(3),
                iteration: IterationID(17),
                details: ["agent": "claude", "ordinal": "2"]
            ),
            EventRecord(
                id: EventID(2),
                at: Moment.night,
                kind: .itemAdded,
                item: ItemID(9),
                details: ["key": "new", "state": "open", "reason": "in line"]
            ),
            EventRecord(
                id: EventID(3),
                at: Moment.night,
                kind: .iterationEnded,
                item: ItemID(3),
                iteration: IterationID(17),
                details: ["outcome": "checks_failed"]
            ),
        ]
        func daemon() -> FakeProject {
            let (stream, continuation) = AsyncStream.makeStream(of: EventView.self)
            for record in records { continuation.yield(EventView(record)) }
            continuation.finish()
            return FakeProject {
                $0.events = stream
                $0.items = [
                    ItemView(
                        id: ItemID(3),
                        key: "stop",
                        title: "stops",
                        line: 29,
                        state: .running,
                        maxStrikes: 4
                    )
                ]
            }
        }
        let text = Ctl(daemon())
        #expect(await text.ask("watch") == 0)
        #expect(
            text.output.text == """
                01:14  #stop  i17  iteration started: agent claude, ordinal 2
                01:14  #new  item added: open, in line
                01:14  #stop  i17  iteration ended: checks failed

                """
        )
        #expect(text.errors.text.hasSuffix("has stopped\n"))
        let json = Ctl(daemon())
        #expect(await json.ask("watch", "--json") == 0)
        #expect(json.output.text.split(separator: "\n").count == 3)
        #expect(json.output.text.hasPrefix("{\"at\":\"2026-11-22T00:14:00.000Z\","))
    }
}
