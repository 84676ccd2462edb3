/// Tells whether two failures are the same one, so that an item that goes in circles is noticed.
package enum FailureSignature {
    /// Sixteen hexadecimal digits over the failing checks' names and their output with all that changes from run to
    /// run folded away: digits, times, paths, addresses. Nil when no check failed.
    package static func of(_ checks: [CheckResult]) -> String? {
        let failing = checks.filter { !$0.verdict.isGreen }
        guard !failing.isEmpty else { return nil }
        var hash = FNV1a()
        for check in failing.sorted(by: { $0.name < $1.name }) {
            hash.add(check.name.utf8)
            hash.add([0])
            for line in (check.head + "\n" + check.tail).split(separator: "\n") {
                hash.add(fold(line).utf8)
                hash.add([10])
            }
        }
        return hash.hexadecimal
    }

    /// Words with a slash, words that start with 0x, and runs of digits become one character each.
    static func fold(_ line: Substring) -> String {
        let words = line.split(separator: " ").map { word -> String in
            if word.contains("/") { return "/" }
            if word.hasPrefix("0x") { return "#" }
            var folded = ""
            var inDigits = false
            for character in word {
                let isDigit = character.isASCII && character.isNumber
                if isDigit, inDigits { continue }
                folded.append(isDigit ? "#" : character)
                inDigits = isDigit || (inDigits && (character == "." || character == ":"))
                if inDigits, !isDigit { folded.removeLast() }
            }
            return folded
        }
        return words.joined(separator: " ")
    }
}

/// FNV-1a, 64 bit: stable across runs and machines, which Swift's own hashing is not.
package struct FNV1a: Sendable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            state ^= UInt64(byte)
            state &*= 0x100_0000_01b3
        }
    }

    package var hexadecimal: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
