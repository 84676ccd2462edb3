import Foundation
import RalphCore
import RalphPRD

/// GitHub's own command-line tool, which says what is a task.
package struct ReferenceTool {
    /// How the tool's tasks and ours compare in one document.
    package struct Comparison: Sendable {
        /// Seen alike, box and tick.
        package var alike = 0
        /// Tasks that we leave out on purpose: in block quotes.
        package var quoted = 0
        /// Tasks that we leave out and tell the author: without text, or without a box of their own.
        package var told = 0
        /// Lines on which the tool looks at another `[x]` than the box.
        package var otherwiseTicked = 0
        package var differences: [String] = []
        /// Refused as a whole.
        package var isRejected = false

        package init() {}
    }

    private let program: URL

    /// Nil where the package `cmark-gfm` is not installed.
    package init?(at path: String = "/usr/bin/cmark-gfm") {
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
        program = URL(fileURLWithPath: path)
    }

    private struct Task {
        var isTicked: Bool
        var isInQuote: Bool
    }

    /// Compares one document. Front matter, which the tool does not know, is made of empty lines first.
    package func compare(_ original: [UInt8]) throws -> Comparison {
        var comparison = Comparison()
        let bytes = Self.withoutFrontMatter(original)
        guard let document = try? PRD.parse(bytes) else {
            comparison.isRejected = true
            return comparison
        }
        let theirs = try tasks(bytes)
        var ours: [Int: Bool] = [:]
        for item in document.items {
            if item.boxOffset != nil { ours[item.line] = item.isTicked }
            for criterion in item.criteria { ours[criterion.line] = criterion.isTicked }
        }
        for split in document.splitBoxes { ours[split.line] = split.isTicked }
        let told = Set(document.problems.map(\.line))
        let lines = Self.lines(bytes)
        for (line, isTicked) in ours {
            guard let their = theirs[line] else {
                comparison.differences.append("line \(line) is no task for the tool")
                continue
            }
            if their.isTicked == isTicked {
                comparison.alike += 1
            } else if line <= lines.count, lines[line - 1].lowercased().contains("[x]") {
                comparison.otherwiseTicked += 1
            } else {
                comparison.differences.append("line \(line) is ticked otherwise")
            }
        }
        for (line, task) in theirs where ours[line] == nil {
            if task.isInQuote {
                comparison.quoted += 1
            } else if told.contains(line) {
                comparison.told += 1
            } else {
                comparison.differences.append("line \(line) is a task for the tool, and we say nothing of it")
            }
        }
        return comparison
    }

    /// A document of somebody else may have settings that mean nothing to us; what counts here is below them.
    private static func withoutFrontMatter(_ bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        func isFence(_ line: ArraySlice<UInt8>) -> Bool {
            String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces) == "---"
        }
        guard let first = lines.first, isFence(first) else { return bytes }
        guard let close = lines.dropFirst().firstIndex(where: isFence) else { return [10] + bytes }
        let below = lines[(close + 1)...]
        return Array(repeating: 10, count: close + 1) + Array(below.joined(separator: [10]))
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
            .replacingOccurrences(of: "\r", with: "\n").components(separatedBy: "\n")
    }

    /// Each task that the tool prints, by line.
    private func tasks(_ bytes: [UInt8]) throws -> [Int: Task] {
        let process = Process()
        process.executableURL = program
        process.arguments = ["-e", "tasklist", "-t", "xml", "--sourcepos"]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let xml = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Self.tasks(inXML: xml)
    }

    private static func tasks(inXML xml: String) -> [Int: Task] {
        var tasks: [Int: Task] = [:]
        var depth = 0
        let pattern =
            /<(\/?)(block_quote|tasklist)(?: sourcepos="(\d+):\d+-\d+:\d+")?(?: completed="(true|false)")?/
        for match in xml.matches(of: pattern) {
            let isEnd = !match.1.isEmpty
            if match.2 == "block_quote" {
                depth += isEnd ? -1 : 1
            } else if !isEnd, let line = match.3.flatMap({ Int($0) }) {
                tasks[line] = Task(isTicked: match.4 == "true", isInQuote: depth > 0)
            }
        }
        return tasks
    }
}
