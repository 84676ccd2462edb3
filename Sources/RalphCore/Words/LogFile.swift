/// A file in an iteration's log directory. Its name is ours: no text from a person, an agent or a repository
/// reaches the file system as it is.
package enum LogFile: Hashable, Sendable {
    /// What the agent wrote to standard output, as it came.
    case transcript
    /// What the agent wrote to standard error.
    case errors
    /// What the agent was told.
    case prompt
    /// The output of one check.
    case check(String)
    /// The same three of a review.
    case review, reviewErrors, reviewPrompt
    /// What the iteration changed, as `git diff` shows it; written when the iteration ends.
    case changes

    package var fileName: String {
        switch self {
        case .transcript: "agent.out"
        case .errors: "agent.err"
        case .prompt: "prompt.md"
        case .changes: "changes.diff"
        case .review: "review.out"
        case .reviewErrors: "review.err"
        case .reviewPrompt: "review.md"
        case .check(let name): "check-\(Self.escaped(name)).log"
        }
    }

    /// How large it may grow, in bytes; then its middle is left out.
    package var bound: Int {
        if case .check = self { 8 << 20 } else { 256 << 20 }
    }

    private static let longestName = 180

    /// Two names never share a file: every byte but `A–Z a–z 0–9 . _ -` is written as `%XX`, and what would be too long
    /// for a file system keeps its beginning and gets a hash.
    private static func escaped(_ name: String) -> String {
        var escaped = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        guard escaped.utf8.count > longestName else { return escaped }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return escaped.prefix(longestName - 17) + "-" + String(hash, radix: 16)
    }
}
