import Foundation
import RalphCore
import Testing

@testable import RalphPRD

/// Prints the figures of DESIGN.md §14 that concern the PRD. They mean something in a release build only:
/// `RALPH_FIGURES=1 swift test -c release -Xswiftc -enable-testing --filter FiguresTests`.
@Suite(
    "Figures",
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["RALPH_FIGURES"] != nil,
        "set RALPH_FIGURES=1 to measure"
    )
)
struct FiguresTests {
    static let document: [UInt8] = {
        var text = "---\nchecks: [make test]\n---\n# Plan\n"
        for index in 0..<100_000 {
            if index % 1000 == 0 { text += "\n## Part \(index / 1000)\n\n" }
            text +=
                "- [\(index % 3 == 0 ? "x" : " ")] Add `feature \(index)` to the thing named \(index * 7919 % 100_003)"
            if index % 10 == 0 { text += " {#f\(index) priority=2}" }
            text += "\n"
            if index % 4 == 0 { text += "  with a line of description\n  - [ ] and a criterion\n" }
        }
        return Array(text.utf8)
    }()

    private func best(of count: Int = 5, _ body: () throws -> Void) rethrows -> Duration {
        var best = Duration.seconds(3600)
        let clock = ContinuousClock()
        for _ in 0..<count { best = min(best, try clock.measure(body)) }
        return best
    }

    @Test("parsing 100,000 items, against cmark-gfm alone")
    func parsing() throws {
        let alone = best { MarkdownReader.parseAlone(Self.document) }
        let tree = best {
            let text = SourceText(Self.document)
            _ = MarkdownReader.read(text, skippingLines: 3)
        }
        let whole = try best { _ = try PRD.parse(Self.document) }
        print(
            "figures: cmark-gfm alone \(alone), with the tree \(tree), PRD.parse \(whole), factor \(whole / alone)"
        )
    }

    @Test("reconciling an edit of 100,000 items")
    func reconciling() throws {
        let before = try PRD.parse(Self.document).items
        let known = before.map { KnownItem($0) }
        var one = before
        one[50_000].title += " now"
        var all = before
        for index in all.indices { all[index].title = "Please " + all[index].title }
        let shuffled = before.shuffled()
        for (name, items) in [
            ("none", before), ("one reworded", one), ("all reworded", all), ("shuffled", shuffled),
        ] {
            let time = best(of: 3) { _ = Reconciler.match(known, with: items) }
            let result = Reconciler.match(known, with: items)
            print(
                "figures: reconcile \(name) \(time), missing \(result.missing.count), added \(result.added.count)"
            )
        }
    }
}
