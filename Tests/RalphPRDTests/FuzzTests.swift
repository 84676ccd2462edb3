import Foundation
import RalphPRD
import RalphPRDTrials
import Testing

@Suite("Any input")
struct FuzzTests {
    private static let count = ProcessInfo.processInfo.environment["RALPH_FUZZ_INPUTS"].flatMap(Int.init)
    private static let seed = ProcessInfo.processInfo.environment["RALPH_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("no input crashes, boxes are where they are said to be, a tick changes nothing else")
    func fuzz() {
        var run = FuzzRun(seed: Self.seed)
        for _ in 0..<(Self.count ?? 1800) where !run.step() { break }
        let problem = run.result.problem.map {
            "input \($0.number): \($0.words)\n\(String(decoding: $0.input, as: UTF8.self).debugDescription)"
        }
        #expect(problem == nil)
        #expect(run.result.items > 1000)
    }

    @Test("hard documents hold the same rules", arguments: HardDocuments.all)
    func hard(text: String) throws {
        let bytes = Array(text.utf8)
        let document = try PRD.parse(bytes)
        let rules = ReadingRules(document, bytes)
        #expect(rules.problem() == nil)
        for index in document.items.indices { #expect(rules.problem(ticking: index) == nil) }
        for piece in [0, 1, 7] { #expect(try PRD.parse(bytes, piece: piece) == document) }
    }

    @Test(
        "hostile input takes time by its size, not by the square of it",
        .timeLimit(.minutes(5)),
        arguments: Growth.all
    )
    func growth(growth: Growth) {
        #expect(growth.factor(size: 16 << 10).factor < 3.5)
    }
}
