import Foundation
import RalphCore
import SystemPackage

/// The full text of what failed, as the agent finds it in `.ralphd/feedback.md`.
struct Feedback {
    var lastTry: LastTry
    /// Log directory of the iteration that failed.
    var logs: FilePath?

    /// Bytes of one check's output.
    private static let checkBytes = 1 << 20

    var text: String {
        var parts = ["# Last try: \(lastTry.outcome.rawValue)"]
        if let detail = lastTry.detail { parts.append(PlainText.inert(detail)) }
        for check in lastTry.checks where !check.verdict.isGreen {
            parts.append("## \(check.name): \(check.summary)\n\n\(output(of: check))")
        }
        if !lastTry.hiddenFiles.isEmpty {
            parts.append("New files that .gitignore hides:\n" + lastTry.hiddenFiles.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func output(of check: CheckResult) -> String {
        guard let logs else { return check.tail }
        let file = logs.appending(LogFile.check(check.name).fileName)
        guard let handle = FileHandle(forReadingAtPath: file.string) else { return check.tail }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd() else { return check.tail }
        try? handle.seek(toOffset: size > UInt64(Self.checkBytes) ? size - UInt64(Self.checkBytes) : 0)
        guard let data = try? handle.readToEnd() else { return check.tail }
        return PlainText.inert(String(decoding: data, as: UTF8.self))
    }
}
