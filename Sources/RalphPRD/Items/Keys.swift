import RalphCore

/// Gives every item a name that is unique in its document.
struct Keys {
    private static let longest = 40

    private var taken: Set<String> = []
    private var lastNumber: [String: Int] = [:]
    private(set) var problems: [Diagnostic] = []

    /// Names given by the author come first, whatever their place; the others are made from the title.
    mutating func assign(to items: inout [Item], columns: [Int]) {
        taken.reserveCapacity(items.count)
        var lineOfID: [String: Int] = [:]
        for index in items.indices {
            guard let id = items[index].explicitID else { continue }
            guard let first = lineOfID[id] else {
                lineOfID[id] = items[index].line
                taken.insert(id)
                items[index].key = id
                continue
            }
            let message = "the id `\(id)` is already used on line \(first); give one of them another"
            items[index].error = items[index].error ?? message
            items[index].explicitID = nil
            items[index].key = ""
            problems.append(
                Diagnostic(
                    line: items[index].line,
                    column: columns[index],
                    severity: .error,
                    message: message
                )
            )
        }
        for index in items.indices where items[index].key.isEmpty {
            items[index].key = unique(Self.slug(items[index].title))
        }
    }

    private mutating func unique(_ slug: String) -> String {
        if taken.insert(slug).inserted { return slug }
        var number = lastNumber[slug] ?? 1
        while true {
            number += 1
            let suffix = "-\(number)"
            var stem = slug.utf8.prefix(Self.longest - suffix.utf8.count)
            while stem.last == Byte.dash { stem = stem.dropLast() }
            let key = String(decoding: Array(stem), as: UTF8.self) + suffix
            if taken.insert(key).inserted {
                lastNumber[slug] = number
                return key
            }
        }
    }

    /// Lower-case ASCII letters, digits and single hyphens; at most 40 of them, cut between words where that leaves half.
    static func slug(_ title: String) -> String {
        var slug: [UInt8] = []
        slug.reserveCapacity(longest)
        var isGap = false
        for byte in title.utf8 {
            guard Byte.isAlphanumeric(byte) else {
                isGap = !slug.isEmpty
                continue
            }
            guard slug.count + (isGap ? 2 : 1) <= longest else {
                if !isGap, let dash = slug.lastIndex(of: Byte.dash), dash >= longest / 2 { slug.removeSubrange(dash...) }
                break
            }
            if isGap { slug.append(Byte.dash) }
            isGap = false
            slug.append(Byte.isUpper(byte) ? byte | 0x20 : byte)
        }
        return slug.isEmpty ? "item" : String(decoding: slug, as: UTF8.self)
    }
}
