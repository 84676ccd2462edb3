/// What a good engineer would look at first in the output of a failed check.
package enum FailureDigest {
    /// Failures that are known, or lines that are only guessed to tell of one.
    package struct Findings: Equatable, Sendable {
        package var entries: [String]
        package var areGuesses = false
    }

    /// Lines that are guessed at, at most.
    private static let mostGuesses = 5
    private static let longestLine = 200

    /// Up to ten failures: the line that names each, with what explains it. Where no known tool told of one, the last lines
    /// that look as if they did.
    package static func failures(in check: CheckResult) -> Findings {
        if !check.failures.isEmpty { return Findings(entries: check.failures) }
        let lines = (check.head + "\n" + check.tail)
            .split(separator: "\n", omittingEmptySubsequences: true)
            .map(String.init)
        var scanner = FailureScanner()
        for line in lines { scanner.read(line) }
        let known = scanner.failures
        if !known.isEmpty { return Findings(entries: known) }
        return Findings(entries: guessed(lines.map { PlainText.line($0) }), areGuesses: true)
    }

    /// From the end: what came of it all stands there, and a log says much before. Lines that differ in figures alone are one.
    private static func guessed(_ lines: [String]) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        for (index, line) in lines.enumerated().reversed() where namesFailure(line) {
            guard seen.insert(FailureSignature.fold(line[...])).inserted else { continue }
            var entry = PlainText.cut(line, bytes: longestLine)
            if index + 1 < lines.count, explains(lines[index + 1]) {
                entry += "\n   " + PlainText.cut(lines[index + 1], bytes: longestLine)
            }
            found.append(entry)
            if found.count == mostGuesses { break }
        }
        return found.reversed()
    }

    /// Both ends of the output within a bound: what started it and how it ended.
    package static func bothEnds(of check: CheckResult, bytes: Int) -> (text: String, heading: String) {
        let head = check.head.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let tail = check.tail.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let all = check.lineCount <= tail.count ? tail : head + tail
        let whole = all.joined(separator: "\n")
        if check.lineCount <= tail.count, whole.utf8.count <= bytes {
            return (whole, "all \(check.lineCount) lines")
        }
        let first = take(check.lineCount <= tail.count ? tail : head, bytes: bytes / 3)
        let telling = tail.indices.filter { !isAdvice(tail[$0]) }
        let last = take(telling.reversed().map { tail[$0] }, bytes: bytes - bytes / 3)
        let start = last.isEmpty ? tail.count : telling[telling.count - last.count]
        let from = max(first.count + 1, check.lineCount - tail.count + start + 1)
        return (
            first.joined(separator: "\n") + "\n…\n" + last.reversed().joined(separator: "\n"),
            "lines 1-\(first.count) and \(from)-\(check.lineCount) of \(check.lineCount)"
        )
    }

    /// What Maven ends every failure with, whatever it was.
    private static func isAdvice(_ line: String) -> Bool {
        guard line.hasPrefix("[ERROR]") else { return false }
        let said = PlainText.trimmed(String(line.dropFirst("[ERROR]".count)))
        return said.isEmpty
            || ["[Help", "-> [Help", "To see", "Re-run", "For more"].contains(where: said.hasPrefix)
    }

    private static func take(_ lines: [String], bytes: Int) -> [String] {
        var left = bytes
        var taken: [String] = []
        for line in lines {
            let short = PlainText.cut(line, bytes: longestLine * 2)
            left -= short.utf8.count + 1
            if left < 0 { break }
            taken.append(short)
        }
        return taken
    }

    private static let marks = [
        "error:", "Error:", "FAIL", "not ok ", "✗", "✘", "✖", "AssertionError", "panicked at",
        "undefined reference", "command not found", "Failed", "failed:",
    ]

    private static func namesFailure(_ line: String) -> Bool {
        marks.contains { line.contains($0) } && !line.contains("0 failed") && !line.contains("0 failures")
    }

    private static func explains(_ line: String) -> Bool {
        let lower = line.lowercased()
        return lower.contains("expected") || lower.contains("got") || lower.contains("actual")
            || lower.hasPrefix("e ")
            || lower.contains("assert")
    }
}
