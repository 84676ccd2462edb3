/// How alike two titles are: Dice's coefficient over their letter pairs.
///
/// A title is lower-cased and cut into words at everything that is neither letter nor digit. A word gives the pairs of
/// neighbouring characters in it, and one pair of a blank and its first character. Likeness is twice the number of pairs
/// that both titles have, over the number of pairs in both together: 0 to 1, pairs that occur twice counted twice.
package struct TitleLikeness: Sendable {
    /// From here on a title counts as reworded and not as another one.
    package static let threshold = 0.6

    /// Sorted.
    let pairs: [UInt64]

    package init(_ title: String) {
        var pairs: [UInt64] = []
        pairs.reserveCapacity(title.utf8.count)
        let isPlain = title.utf8.allSatisfy { $0 < 0x80 }
        if isPlain { Self.addASCII(title, to: &pairs) } else { Self.addUnicode(title, to: &pairs) }
        pairs.sort()
        self.pairs = pairs
    }

    private static let blank: UInt64 = 0x20

    /// What `addUnicode` does, for the titles that need no tables.
    private static func addASCII(_ title: String, to pairs: inout [UInt64]) {
        var previous = blank
        for byte in title.utf8 {
            guard Byte.isAlphanumeric(byte) else {
                previous = blank
                continue
            }
            let current = UInt64(Byte.isUpper(byte) ? byte | 0x20 : byte)
            pairs.append(previous << 32 | current)
            previous = current
        }
    }

    private static func addUnicode(_ title: String, to pairs: inout [UInt64]) {
        var previous = blank
        for scalar in title.lowercased().unicodeScalars {
            guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
                previous = blank
                continue
            }
            pairs.append(previous << 32 | UInt64(scalar.value))
            previous = UInt64(scalar.value)
        }
    }

    /// Titles without letters are like nothing.
    package func likeness(to other: TitleLikeness) -> Double {
        let total = pairs.count + other.pairs.count
        guard total > 0 else { return 0 }
        var shared = 0
        var i = 0
        var j = 0
        while i < pairs.count, j < other.pairs.count {
            if pairs[i] == other.pairs[j] {
                shared += 1
                i += 1
                j += 1
            } else if pairs[i] < other.pairs[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return Double(2 * shared) / Double(total)
    }
}
