package import RalphProcess

/// What a git command said, and how it ended.
package struct GitOutput: Sendable {
    package var ending: ProcessEnding
    package var bytes: [UInt8]
    /// Standard error as text, bytes that are not UTF-8 replaced.
    package var errors: String

    /// Exit code 0.
    package var isSuccess: Bool { ending == .exited(0) }

    /// Exit code 0 and nothing said: `ls-files`, `clean` and `read-tree` leave work out with a warning and exit 0.
    package var isFlawless: Bool { isSuccess && errors.isEmpty }

    /// The deadline passed and the command's process group was killed.
    package var timedOut: Bool { ending == .timedOut }

    /// Standard output without its last line feed.
    package var text: String {
        String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// The fields of a `-z` output.
    package var fields: [ArraySlice<UInt8>] { bytes.split(separator: 0, omittingEmptySubsequences: true) }

    /// The disk is full, by git's words: there is no exit code for it.
    package var isDiskFull: Bool { errors.contains("No space left on device") }

    /// The line of standard error that says most, for a message.
    package var reason: String {
        let lines = errors.split(separator: "\n").map(String.init)
        let named = lines.first { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") } ?? lines.first
        switch ending {
        case .timedOut: return "no end before its deadline"
        case .exited(let code): return named ?? "exit \(code)"
        case .signaled(let signal): return named ?? "ended by signal \(signal)"
        default: return named ?? "did not run"
        }
    }
}
