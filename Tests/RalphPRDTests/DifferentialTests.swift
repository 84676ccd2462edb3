import Foundation
import RalphPRDTrials
import Testing

/// What counts as a box is compared with what GitHub's own tool says.
@Suite(
    "Compared with cmark-gfm",
    .enabled(if: ReferenceTool() != nil, "install the package cmark-gfm to run this")
)
struct DifferentialTests {
    /// Directories, specifications and files to compare beside our own, parted by colons; `make test-prd` sets it.
    private static let others =
        ProcessInfo.processInfo.environment["RALPH_DOCUMENTS"]?.split(separator: ":").map(String.init) ?? []

    private func differences(_ text: String) throws -> [String] {
        try #require(ReferenceTool()).compare(Array(text.utf8)).differences
    }

    @Test("the tool and we see the same boxes in hard documents", .timeLimit(.minutes(1)))
    func hard() throws {
        for text in HardDocuments.all { #expect(try differences(text) == [], "\(text.debugDescription)") }
    }

    @Test("the tool and we see the same boxes in documents shaped like public ones", .timeLimit(.minutes(1)))
    func shapes() throws {
        for shape in PublicShapes.all { #expect(try differences(shape.text) == [], "\(shape.source)") }
    }

    @Test("the tool and we see the same boxes in random documents", .timeLimit(.minutes(1)))
    func random() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<60 {
            let bytes = HardDocuments.random(&generator).filter { $0 != 0 }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(try differences(text) == [], "\(text.debugDescription)")
        }
    }

    @Test(
        "the tool and we see the same boxes in the documents that are named",
        .enabled(if: !others.isEmpty, "make test-prd names some"),
        arguments: others
    )
    func named(path: String) throws {
        let tool = try #require(ReferenceTool())
        for (name, bytes) in try DocumentSet.load(path) {
            #expect(try tool.compare(bytes).differences == [], "\(name)")
        }
    }
}
