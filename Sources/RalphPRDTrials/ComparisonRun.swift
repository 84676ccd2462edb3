/// All documents at one path compared with GitHub's own tool.
package struct ComparisonRun: Sendable {
    package private(set) var documents = 0
    package private(set) var rejected = 0
    package private(set) var sum = ReferenceTool.Comparison()

    /// - Parameter path: of a file, a specification or a directory of them.
    package init(_ path: String, with tool: ReferenceTool) throws {
        for (name, bytes) in try DocumentSet.load(path) {
            let one = try tool.compare(bytes)
            documents += 1
            rejected += one.isRejected ? 1 : 0
            sum.alike += one.alike
            sum.quoted += one.quoted
            sum.told += one.told
            sum.otherwiseTicked += one.otherwiseTicked
            sum.differences += one.differences.map { "\(name): \($0)" }
        }
    }

    /// What makes it a failure; empty when the tool and we agree on something.
    package var problems: [String] {
        if documents == 0 { return ["nothing was compared: there is no document"] }
        if rejected == documents { return ["nothing was compared: every document was refused"] }
        if sum.alike == 0, sum.differences.isEmpty {
            return ["nothing was compared: the tool sees no task in any document"]
        }
        return sum.differences
    }

    package var words: String {
        "\(documents) documents, \(rejected) refused, \(sum.alike) tasks seen alike, \(sum.otherwiseTicked) ticked by "
            + "another [x], \(sum.quoted) in quotes, \(sum.told) told"
    }
}
