/// A pattern for paths in a repository, as in `.gitignore`: without a slash it matches a name at any depth, with one it
/// is anchored at the top; `**` stands for any number of directories; what matches a directory matches all in it.
package struct Glob: Equatable, Sendable {
    private let components: [[UInt8]]

    package init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var parts = bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }
        let isAnchored = bytes.dropLast().contains(UInt8(ascii: "/"))
        if !isAnchored, !parts.isEmpty { parts.insert(Self.anything, at: 0) }
        components = parts
    }

    private static let anything = Array("**".utf8)

    /// Whether the pattern matches the path or a directory above it.
    package func matches(_ path: RepositoryPath) -> Bool {
        !components.isEmpty && matches(path.components[...], components[...])
    }

    private func matches(_ path: ArraySlice<ArraySlice<UInt8>>, _ pattern: ArraySlice<[UInt8]>) -> Bool {
        guard let first = pattern.first else { return true }
        if first == Self.anything {
            let rest = pattern.dropFirst()
            if rest.isEmpty { return !path.isEmpty }
            return path.indices.contains { matches(path[$0...], rest) }
        }
        guard let name = path.first, Self.name(name, matches: first[...]) else { return false }
        return matches(path.dropFirst(), pattern.dropFirst())
    }

    /// One name against one component: `*`, `?`, `[a-z]`, `[!a-z]`, and a backslash before what is meant literally.
    /// Linear but for the last `*`, so that no pattern takes long.
    static func name(_ name: ArraySlice<UInt8>, matches pattern: ArraySlice<UInt8>) -> Bool {
        var name = name
        var pattern = pattern
        var retry: (name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
        while !name.isEmpty || !pattern.isEmpty {
            if pattern.first == UInt8(ascii: "*") {
                retry = (name, pattern)
                pattern = pattern.dropFirst()
            } else if let rest = step(name, pattern) {
                (name, pattern) = rest
            } else if let last = retry, !last.name.isEmpty {
                name = last.name.dropFirst()
                pattern = last.pattern.dropFirst()
                retry = (name, last.pattern)
            } else {
                return false
            }
        }
        return true
    }

    /// Takes one byte off the name and what matches it off the pattern; nil if they differ.
    private static func step(
        _ name: ArraySlice<UInt8>,
        _ pattern: ArraySlice<UInt8>
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        guard let byte = name.first, let wanted = pattern.first else { return nil }
        switch wanted {
        case UInt8(ascii: "?"): return (name.dropFirst(), pattern.dropFirst())
        case UInt8(ascii: "["):
            if let (isIn, rest) = set(pattern, contains: byte) {
                return isIn ? (name.dropFirst(), rest) : nil
            }
        case UInt8(ascii: "\\") where pattern.count > 1:
            return step(name, pattern.dropFirst(), literally: byte)
        default: break
        }
        return step(name, pattern, literally: byte)
    }

    private static func step(
        _ name: ArraySlice<UInt8>,
        _ pattern: ArraySlice<UInt8>,
        literally byte: UInt8
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        pattern.first == byte ? (name.dropFirst(), pattern.dropFirst()) : nil
    }

    /// Nil if the bracket is never closed and so stands for itself.
    private static func set(_ pattern: ArraySlice<UInt8>, contains byte: UInt8) -> (Bool, ArraySlice<UInt8>)?
    {
        var rest = pattern.dropFirst()
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest = rest.dropFirst() }
        var isIn = false
        var isFirst = true
        while let low = rest.first, isFirst || low != UInt8(ascii: "]") {
            isFirst = false
            rest = rest.dropFirst()
            var high = low
            if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
                high = end
                rest = rest.dropFirst(2)
            }
            if low <= byte, byte <= high { isIn = true }
        }
        guard rest.first == UInt8(ascii: "]") else { return nil }
        return (isIn != isNegated, rest.dropFirst())
    }
}
