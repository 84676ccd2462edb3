/// A path pattern as git writes them: `*` and `?` within a component, `**` across components, `[…]` for a set. A
/// pattern without a slash matches at any depth; one that names a directory matches all below it.
package struct Glob: Hashable, Sendable {
    private var components: [[Character]]

    package init(_ pattern: String) {
        var text = Substring(pattern)
        let isAnchored = text.contains("/") && !(text.hasSuffix("/") && text.filter { $0 == "/" }.count == 1)
        while text.hasPrefix("/") { text = text.dropFirst() }
        if text.hasSuffix("/") { text = text.dropLast() }
        components = text.split(separator: "/").map(Array.init)
        if !isAnchored { components.insert(["*", "*"], at: 0) }
    }

    /// `path` is relative to the root, with slashes, without `./`.
    package func matches(_ path: String) -> Bool {
        matches(path.split(separator: "/").map(Array.init)[...], components[...])
    }

    private func matches(_ path: ArraySlice<[Character]>, _ pattern: ArraySlice<[Character]>) -> Bool {
        // A pattern that is used up matched a parent directory, and so all below it.
        guard let first = pattern.first else { return true }
        if first == ["*", "*"] {
            if pattern.count == 1 { return !path.isEmpty }
            return (path.startIndex...path.endIndex).contains { matches(path[$0...], pattern.dropFirst()) }
        }
        guard let name = path.first, Self.matchesName(name[...], first[...]) else { return false }
        return matches(path.dropFirst(), pattern.dropFirst())
    }

    private static func matchesName(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        switch first {
        case "*":
            return (name.startIndex...name.endIndex).contains {
                matchesName(name[$0...], pattern.dropFirst())
            }
        case "?": return !name.isEmpty && matchesName(name.dropFirst(), pattern.dropFirst())
        case "[":
            guard let end = pattern.dropFirst().firstIndex(of: "]"), let character = name.first else {
                return false
            }
            var set = pattern[(pattern.startIndex + 1)..<end]
            let isNegated = set.first == "!" || set.first == "^"
            if isNegated { set = set.dropFirst() }
            return contains(set, character) != isNegated
                && matchesName(name.dropFirst(), pattern[(end + 1)...])
        default: return name.first == first && matchesName(name.dropFirst(), pattern.dropFirst())
        }
    }

    private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
        var index = set.startIndex
        while index < set.endIndex {
            if index + 2 < set.endIndex, set[index + 1] == "-" {
                if set[index] <= character, character <= set[index + 2] { return true }
                index += 3
            } else {
                if set[index] == character { return true }
                index += 1
            }
        }
        return false
    }
}
