import Foundation
import RalphCore
import SystemPackage

/// The full text of what failed, as the agent finds it in `.ralphd/feedback.md`.
struct Feedback {
    var lastTry: LastTry
    /// Log directories of the iterations before, the latest first.
    var logs: [FilePath]

    /// Bytes of one check's output.
    private static let checkBytes = 1 << 20

    var text: String {
        var parts = ["# Last try: \(lastTry.outcome.rawValue)"]
        if let detail = lastTry.detail { parts.append(PlainText.inert(detail)) }
        parts += lastTry.checks.filter { !$0.verdict.isGreen }.map(section)
        if let flaw = lastTry.standing {
            let since = flaw.triesSince
            let which = since == 1 ? "the try before it" : "the last one that was, \(since) tries before it"
            parts.append("# It was not judged; \(which): \(flaw.outcome.rawValue)")
            if let detail = flaw.detail { parts.append(PlainText.inert(detail)) }
            parts += flaw.checks.filter { !$0.verdict.isGreen }.map(section)
        }
        if !lastTry.hiddenFiles.isEmpty {
            parts.append("New files that .gitignore hides:\n" + lastTry.hiddenFiles.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func section(_ check: CheckResult) -> String {
        "## \(check.name): \(check.summary)\n\n\(output(of: check))"
    }

    private func output(of check: CheckResult) -> String {
        let files = logs.map { $0.appending(LogFile.check(check.name).fileName).string }
        guard let file = files.first(where: FileManager.default.fileExists),
            let handle = FileHandle(forReadingAtPath: file)
        else { return check.tail }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd() else { return check.tail }
        try? handle.seek(toOffset: size > UInt64(Self.checkBytes) ? size - UInt64(Self.checkBytes) : 0)
        guard let data = try? handle.readToEnd() else { return check.tail }
        return PlainText.inert(String(decoding: data, as: UTF8.self))
    }
}
