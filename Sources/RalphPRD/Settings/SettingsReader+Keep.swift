import RalphCore

extension SettingsReader {
    /// `keep: 30d`, `keep: 20GB`, `keep: [30d, 20GB]`, `keep: forever`. What is not said stays as it was.
    mutating func retention(_ entry: SettingsNode.Entry, _ known: Retention) -> Retention {
        guard let texts = strings(entry, example: "keep: [30d, 20GB]") else { return known }
        var retention = known
        for text in texts.flatMap({ $0.split(separator: ",") }) {
            let word = String(text.trimming { $0 == " " })
            if word == "forever" {
                retention = .forever
            } else if let age = DurationText.parse(word) {
                retention.age = age
            } else if let bytes = SizeText.parse(word) {
                retention.bytes = bytes
            } else {
                error(
                    entry.value.place,
                    "`keep` is `\(word)`; write an age like 30d, a size like 20GB, both like [30d, 20GB], or forever"
                )
                return known
            }
        }
        return retention
    }
}

extension StringProtocol {
    fileprivate func trimming(_ isDropped: (Character) -> Bool) -> SubSequence {
        let front = drop(while: isDropped)
        return front[..<(front.lastIndex { !isDropped($0) }.map(front.index(after:)) ?? front.startIndex)]
    }
}
