import RalphCore
import RalphPRD

/// What reading a large PRD takes. Means something in a release build only.
package enum Figures {
    /// Least seconds of processor time of some rounds; other work on the machine can only add.
    package struct Reading: Sendable {
        package var bytes = 0
        package var alone = Double.infinity
        package var parse = Double.infinity
        package var factor: Double { parse / alone }
    }

    /// A document of so many items, a quarter of them with a description and a criterion.
    package static func document(items: Int) -> [UInt8] {
        var text = "---\nchecks: [make test]\n---\n# Plan\n"
        for index in 0..<items {
            if index % 1000 == 0 { text += "\n## Part \(index / 1000)\n\n" }
            text +=
                "- [\(index % 3 == 0 ? "x" : " ")] Add `feature \(index)` to the thing named \(index * 7919 % 100_003)"
            if index % 10 == 0 { text += " {#f\(index) priority=2}" }
            text += "\n"
            if index % 4 == 0 { text += "  with a line of description\n  - [ ] and a criterion\n" }
        }
        return Array(text.utf8)
    }

    package static func reading(_ document: [UInt8], rounds: Int = 9) throws -> Reading {
        var reading = Reading(bytes: document.count)
        for _ in 0..<rounds {
            reading.alone = min(reading.alone, ProcessorTime.of { PRD.readWithLibraryAlone(document) })
            reading.parse = min(reading.parse, try ProcessorTime.of { _ = try PRD.parse(document) })
        }
        return reading
    }

    /// Seconds to reconcile edits of a document.
    package static func reconciling(_ document: [UInt8], rounds: Int = 5) throws -> [(
        edit: String, seconds: Double
    )] {
        let before = try PRD.parse(document).items
        let known = before.map { KnownItem($0) }
        var one = before
        one[before.count / 2].title += " now"
        var cut = before
        cut.remove(at: before.count / 3)
        var all = before
        for index in all.indices { all[index].title = "Please " + all[index].title }
        var generator = SeededGenerator(seed: 1)
        let shuffled = before.shuffled(using: &generator)
        let edits = [
            ("nothing", before), ("one reworded", one), ("one deleted", cut), ("all reworded", all),
            ("all shuffled", shuffled),
        ]
        return edits.map { name, items in
            var least = Double.infinity
            for _ in 0..<rounds {
                least = min(least, ProcessorTime.of { _ = Reconciler.match(known, with: items) })
            }
            return (name, least)
        }
    }
}
