import Foundation
import RalphCore
import Testing

@testable import RalphPRD

/// What counts as a box is compared with what GitHub's own tool says.
@Suite(
    "Compared with cmark-gfm",
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cmark-gfm"),
        "install the package cmark-gfm to run this"
    )
)
struct DifferentialTests {
    @Test("the tool and we see the same boxes in hard documents", .timeLimit(.minutes(1)))
    func corpus() throws {
        for text in Corpus.documents { try compare(Array(text.utf8)) }
    }

    @Test("the tool and we see the same boxes in random documents", .timeLimit(.minutes(1)))
    func random() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<60 {
            var bytes = Corpus.random(&generator)
            bytes.removeAll { $0 == 0 }
            if SourceText(bytes).bytes.starts(with: Array("---".utf8)) { continue }
            try compare(bytes)
        }
    }

    private struct Task: Hashable {
        var line: Int
        var isTicked: Bool
    }

    private func compare(_ bytes: [UInt8]) throws {
        guard let document = try? PRD.parse(bytes) else { return }
        let theirs = try tasks(bytes)
        var ours: [Int: Bool] = [:]
        for item in document.items {
            if item.boxOffset != nil { ours[item.line] = item.isTicked }
            for criterion in item.criteria { ours[criterion.line] = criterion.isTicked }
        }
        for split in document.splitBoxes { ours[split.line] = split.isTicked }
        let told = Set(document.problems.map(\.line))
        let text = SourceText(bytes)
        let shown = String(decoding: bytes, as: UTF8.self).debugDescription
        for (line, isTicked) in ours {
            guard let their = theirs[line] else {
                Issue.record("line \(line) is no task for the tool: \(shown)")
                continue
            }
            // The tool looks for `[x]` anywhere on the line.
            let words = text.string(text.content(ofLine: line)).lowercased()
            if their != isTicked, !words.contains("[x]") {
                Issue.record("line \(line) is ticked otherwise: \(shown)")
            }
        }
        for line in theirs.keys where ours[line] == nil && !told.contains(line) {
            Issue.record("line \(line) is a task for the tool, and we say nothing of it: \(shown)")
        }
    }

    /// Line and tick of each task that the tool prints.
    private func tasks(_ bytes: [UInt8]) throws -> [Int: Bool] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/cmark-gfm")
        process.arguments = ["-e", "tasklist", "-t", "xml", "--sourcepos"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        try input.fileHandleForWriting.close()
        let xml = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var tasks: [Int: Bool] = [:]
        for match in xml.matches(of: /<tasklist sourcepos="(\d+):\d+-\d+:\d+" completed="(true|false)"/) {
            if let line = Int(match.1) { tasks[line] = match.2 == "true" }
        }
        return tasks
    }
}
