import Foundation
import RalphPRDTrials
import RalphTestSupport
import SystemPackage
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

    @Test("the tool and we see the same boxes in hard documents", .timeLimit(.minutes(5)))
    func hard() throws {
        for text in HardDocuments.all { #expect(try differences(text) == [], "\(text.debugDescription)") }
    }

    @Test("the tool and we see the same boxes in documents shaped like public ones", .timeLimit(.minutes(5)))
    func shapes() throws {
        for shape in PublicShapes.all { #expect(try differences(shape.text) == [], "\(shape.source)") }
    }

    @Test("the tool and we see the same boxes in random documents", .timeLimit(.minutes(5)))
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
        #expect(try ComparisonRun(path, with: #require(ReferenceTool())).problems == [])
    }

    @Test(
        "a comparison that compares nothing is a failure",
        arguments: [
            [:], ["a.txt": "- [ ] a\n"], ["a.md": "\u{0}"], ["a.md": "no task\n"],
            ["spec.txt": "no example\n"],
        ]
    )
    func nothing(files: [String: String]) throws {
        let directory = try TemporaryDirectory("compare")
        for (name, text) in files { try directory.write(text, to: name) }
        let run = try ComparisonRun(directory.path.string, with: #require(ReferenceTool()))
        #expect(run.problems.count == 1 && run.problems[0].hasPrefix("nothing was compared"))
    }

    @Test("specifications and documents in a directory are all compared")
    func directory() throws {
        let directory = try TemporaryDirectory("compare")
        let fence = String(repeating: "`", count: 32)
        try directory.write("text\n\(fence) example\n- [ ]→a\n.\n<ul>\n\(fence)\n", to: "spec.txt")
        try directory.write("[{\"example\": 1, \"markdown\": \"- [x] b\\n\"}]", to: "in/commonmark.json")
        try directory.write("- [ ] c\n- [ ] d\n", to: "in/plan.MD")
        let run = try ComparisonRun(directory.path.string, with: #require(ReferenceTool()))
        #expect(run.problems == [])
        #expect(run.documents == 3 && run.sum.alike == 4)
    }
}
