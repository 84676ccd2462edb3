/// Which known word a misspelt one was meant to be.
package enum Spelling {
    /// The nearest candidate, if at most two letters (one in short words) are wrong, missing, added or swapped.
    package static func nearest(to word: String, in candidates: [String]) -> String? {
        let letters = Array(word.lowercased().utf8)
        guard letters.count >= 2, letters.count <= 40 else { return nil }
        let bound = letters.count <= 4 ? 1 : 2
        var best: (distance: Int, word: String)?
        for candidate in candidates {
            let distance = Self.distance(letters, Array(candidate.utf8))
            if distance <= bound, distance < best?.distance ?? Int.max { best = (distance, candidate) }
        }
        return best?.word
    }

    /// Optimal string alignment distance.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                let change = previous[j] + (a[i] == b[j] ? 0 : 1)
                var cost = min(row[j] + 1, previous[j + 1] + 1, change)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
