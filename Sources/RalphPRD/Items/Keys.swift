import RalphCore

/// Gives every item a name that is unique in its document.
struct Keys {
    private static let longest = 40
    /// A document that repeats itself is told so often.
    private static let mostWarnings = 200

    private var taken = NameSet()
    /// By what a number is put behind.
    private var lastNumber: [[UInt8]: Int] = [:]
    /// Titles that share their slug with another, with their lines.
    private var lineOfTitle: [String: Int] = [:]
    private(set) var problems: [Diagnostic] = []

    private var slug: [UInt8] = []
    /// Items whose id is already another's.
    private var robbed: [Int: String] = [:]
    /// Items in sections whose id is already another's, and why they may not run.
    private(set) var stopped: [(items: Range<Int>, message: String)] = []
    private let columns: AttributeColumns
    private var drafts: [Draft] { columns.table.drafts }

    /// Takes the names given by the author, which come first whatever their place.
    /// - Parameter ids: with the index of their item, ascending.
    init(ids: [(id: String, item: Int)], columns: AttributeColumns) {
        self.columns = columns
        taken.reserve(drafts.count)
        for (id, item) in ids {
            guard let first = taken.insert(Array(id.utf8), owner: item) else { continue }
            rob(item, of: id, line: drafts[first].line)
        }
    }

    /// Looks whether an id of a section is another's too; the second of them in the document is told.
    /// - Parameter sections: by line; before any item is given its key.
    mutating func claim(_ sections: [NamedSection]) {
        var lines: [String: Int] = [:]
        for section in sections {
            if let line = lines[section.id] {
                stop(section, line: line)
            } else if let item = taken.owner(of: Array(section.id.utf8)), robbed[item] == nil {
                guard drafts[item].line > section.line else {
                    stop(section, line: drafts[item].line)
                    continue
                }
                rob(item, of: section.id, line: section.line)
            }
            lines[section.id] = lines[section.id] ?? section.line
        }
    }

    private mutating func rob(_ item: Int, of id: String, line: Int) {
        let message = Self.used(id, line: line)
        robbed[item] = message
        report(drafts[item].line, columns.ofID(item: item), message)
    }

    private mutating func stop(_ section: NamedSection, line: Int) {
        let message = Self.used(section.id, line: line)
        report(section.line, columns.ofID(section), message)
        stopped.append(
            (section.items, section.isHeading ? "the heading on line \(section.line): \(message)" : message)
        )
    }

    private static func used(_ id: String, line: Int) -> String {
        "the id `\(id)` is already used on line \(line); give one of them another"
    }

    private mutating func report(_ line: Int, _ column: Int, _ message: String) {
        problems.append(Diagnostic(line: line, column: column, severity: .error, message: message))
    }

    /// Gives an item its key.
    /// - Parameter earlier: the items before it.
    mutating func assign(to item: inout Item, behind earlier: [Item], column: Int) {
        let index = earlier.count
        if let id = item.explicitID {
            guard !robbed.isEmpty, let message = robbed[index] else {
                item.key = id
                return
            }
            item.error = item.error ?? message
            item.explicitID = nil
        }
        Self.makeSlug(item.title, into: &slug)
        if let first = taken.insert(slug, owner: index) {
            item.key = unique(slug, first)
            noteTitle(item, first, earlier, column: column)
        } else {
            item.key = String(decoding: slug, as: UTF8.self)
        }
    }

    private mutating func unique(_ slug: [UInt8], _ first: Int) -> String {
        // Numbers grow longer, and then more is cut: what is left decides which number comes next.
        var digits = 1
        while true {
            let stem = Self.stem(slug, longest: Self.longest - 1 - digits)
            let number = (lastNumber[stem] ?? 1) + 1
            let suffix = "-\(number)"
            guard suffix.utf8.count - 1 <= digits else {
                digits += 1
                continue
            }
            lastNumber[stem] = number
            let key = stem + Array(suffix.utf8)
            if taken.insert(key, owner: first) == nil { return String(decoding: key, as: UTF8.self) }
        }
    }

    /// Cut between words where that leaves half, as slugs are.
    private static func stem(_ slug: [UInt8], longest most: Int) -> [UInt8] {
        var stem = slug.prefix(most)
        if slug.count > most, slug[most] != Byte.dash, let dash = stem.lastIndex(of: Byte.dash),
            dash >= longest / 2
        {
            stem = stem[..<dash]
        }
        while stem.last == Byte.dash { stem.removeLast() }
        return Array(stem)
    }

    /// Equal titles have equal slugs, so only items whose slug was taken need a look.
    private mutating func noteTitle(_ item: Item, _ first: Int, _ earlier: [Item], column: Int) {
        guard item.explicitID == nil, problems.count < Self.mostWarnings else { return }
        if first < earlier.count, earlier[first].explicitID == nil {
            let other = earlier[first].title.foldingBlanks
            lineOfTitle[other] = lineOfTitle[other] ?? earlier[first].line
        }
        let title = item.title.foldingBlanks
        guard let line = lineOfTitle[title] else {
            lineOfTitle[title] = item.line
            return
        }
        let message = "the same title stands on line \(line); reword one, or tell them apart by `{#id}`"
        problems.append(Diagnostic(line: item.line, column: column, severity: .warning, message: message))
    }

    /// Lower-case ASCII letters, digits and single hyphens; at most 40 of them, cut between words where that leaves half.
    static func makeSlug(_ title: String, into slug: inout [UInt8]) {
        var count = 0
        var title = title
        slug.removeAll(keepingCapacity: true)
        slug.append(contentsOf: repeatElement(0, count: longest))
        title.withUTF8 { bytes in
            slug.withUnsafeMutableBufferPointer { slug in
                var isGap = false
                for byte in bytes {
                    guard Byte.isAlphanumeric(byte) else {
                        isGap = count > 0
                        continue
                    }
                    guard count + (isGap ? 2 : 1) <= longest else {
                        if !isGap, let dash = slug.lastIndex(of: Byte.dash), dash >= longest / 2 {
                            count = dash
                        }
                        return
                    }
                    if isGap {
                        slug[count] = Byte.dash
                        count += 1
                    }
                    isGap = false
                    slug[count] = Byte.isUpper(byte) ? byte | 0x20 : byte
                    count += 1
                }
            }
        }
        slug.removeLast(longest - count)
        if slug.isEmpty { slug.append(contentsOf: "item".utf8) }
    }
}

/// A set of short names, each with an owner; all of them in one piece of memory.
private struct NameSet {
    private struct Entry {
        var hash: Int
        var start: Int
        var count: Int
        var owner: Int
    }

    private var pool: [UInt8] = []
    private var entries: [Entry] = []
    /// Index of an entry plus 1; 0 for a free slot. The count is a power of two.
    private var slots: [Int32] = Array(repeating: 0, count: 16)

    mutating func reserve(_ count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        entries.reserveCapacity(count)
        pool.reserveCapacity(count * 32)
    }

    /// Adds a name; when it is there already, changes nothing and returns its owner.
    mutating func insert(_ name: [UInt8], owner: Int) -> Int? {
        if entries.count * 2 >= slots.count { grow() }
        return name.withUnsafeBufferPointer { name in
            let hash = Self.hash(name)
            let slot = slot(of: name, hash)
            if slots[slot] != 0 { return entries[Int(slots[slot]) - 1].owner }
            entries.append(Entry(hash: hash, start: pool.count, count: name.count, owner: owner))
            pool.append(contentsOf: name)
            slots[slot] = Int32(truncatingIfNeeded: entries.count)
            return nil
        }
    }

    func owner(of name: [UInt8]) -> Int? {
        name.withUnsafeBufferPointer { name in
            let slot = slot(of: name, Self.hash(name))
            return slots[slot] == 0 ? nil : entries[Int(slots[slot]) - 1].owner
        }
    }

    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(name))
        return hasher.finalize()
    }

    /// Where a name is, or the free slot where it would be.
    private func slot(of name: UnsafeBufferPointer<UInt8>, _ hash: Int) -> Int {
        slots.withUnsafeBufferPointer { slots in
            var slot = hash & (slots.count - 1)
            while slots[slot] != 0 {
                let index = Int(slots[slot]) - 1
                if entries[index].hash == hash, isName(entries[index], name) { return slot }
                slot = (slot + 1) & (slots.count - 1)
            }
            return slot
        }
    }

    private func isName(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard entry.count == name.count else { return false }
        return pool.withUnsafeBufferPointer { pool in
            for at in name.indices where pool[entry.start + at] != name[at] { return false }
            return true
        }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            var slot = entry.hash & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(truncatingIfNeeded: index + 1)
        }
    }
}
