import RalphProcess
import Testing

@Suite("a reader that wants no more", .timeLimit(.minutes(5)))
struct ReaderStopTests {
    @Test(
        "ends the tree by the ladder, also when the end of its work comes right behind",
        arguments: containments
    )
    func stop(containment: Containment) async {
        for script in ["echo a; echo enough; sleep 100", "echo a; echo enough; echo result"] {
            let result = await runTree(
                spec(script, in: containment),
                onLine: { _, line, _ in
                    switch String(decoding: line, as: UTF8.self) {
                    case "enough": .stop
                    case "result": .finalFrameSeen
                    default: .go
                    }
                }
            )
            #expect(result.ending == .stopped)
        }
    }
}
