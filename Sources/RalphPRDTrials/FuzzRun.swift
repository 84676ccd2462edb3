import RalphCore
import RalphPRD

/// Reads random documents and looks whether the rules hold. The same seed gives the same documents.
package struct FuzzRun {
    /// What was read, and what was found.
    package struct Result: Sendable {
        package var inputs = 0
        package var bytes = 0
        package var read = 0
        package var items = 0
        /// Of one input, in seconds of processor time.
        package var slowest = 0.0
        /// The first problem, with the number of its input and the input itself.
        package var problem: (number: Int, words: String, input: [UInt8])?
    }

    private var generator: SeededGenerator
    private var known: [KnownItem] = []
    package private(set) var result = Result()

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// One more input; false when something was found.
    package mutating func step() -> Bool {
        let bytes = HardDocuments.random(&generator)
        let begin = ProcessorTime.now
        let words = problem(bytes)
        result.slowest = max(result.slowest, ProcessorTime.now - begin)
        result.inputs += 1
        result.bytes += bytes.count
        if let words { result.problem = (result.inputs, words, bytes) }
        return words == nil
    }

    private mutating func problem(_ bytes: [UInt8]) -> String? {
        guard let document = try? PRD.parse(bytes) else { return nil }
        result.read += 1
        result.items += document.items.count
        let rules = ReadingRules(document, bytes)
        if let problem = rules.problem() { return problem }
        guard let inPieces = try? PRD.parse(bytes, piece: 1 + generator.below(64)), inPieces == document
        else {
            return "read in small pieces it is another document"
        }
        guard let whole = try? PRD.parse(bytes, piece: 0), whole == document else {
            return "read as a whole it is another document"
        }
        if !document.items.isEmpty {
            let index = generator.below(document.items.count)
            if let problem = rules.problem(ticking: index) { return "ticking \(index): \(problem)" }
        }
        defer { known = document.items.map { KnownItem($0, isWithdrawn: false) } }
        return problem(reconciling: document.items)
    }

    /// Items of the document before, which has nothing to do with this one: each may be found once at most.
    private func problem(reconciling items: [Item]) -> String? {
        let result = Reconciler.match(known, with: items)
        var taken = Set<Int>()
        for match in result.matches.compactMap({ $0 }) where !taken.insert(match.new).inserted {
            return "one item was taken for two"
        }
        guard taken.isDisjoint(with: result.added), taken.count + result.added.count == items.count else {
            return "an item is neither known nor new"
        }
        let same = Reconciler.match(items.map { KnownItem($0) }, with: items)
        return same.matches.map { $0?.new } == items.indices.map { $0 } ? nil : "an item is not itself"
    }
}
