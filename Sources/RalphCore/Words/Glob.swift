/// A pattern for paths in a repository, as in `.gitignore`: without a slash it matches a name at any depth, with one it
/// is anchored at the top; `**` stands for any number of directories; what matches a directory matches all in it.
///
/// Beyond that, a path as a person would type it means what they mean: `./tests`, `/tests` and `src/../tests` are `tests` at
/// the top, `.` is everything.
package struct Glob: Hashable, Sendable {
    private let components: [[UInt8]]

    package init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var parts: [[UInt8]] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8), let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !(part.elementsEqual(Self.anything) && parts.last == Self.anything) {
                parts.append(Array(part))
            }
        }
        let isAnchored = bytes.dropLast().contains(UInt8(ascii: "/"))
        if !bytes.isEmpty, !isAnchored || parts.isEmpty { parts.insert(Self.anything, at: 0) }
        components = parts
    }

    private static let anything = Array("**".utf8)

    /// Whether the pattern matches the path or a directory above it. `path` is relative to the top, without `./`.
    package func matches(_ path: String) -> Bool {
        matches(Array(path.utf8).split(separator: UInt8(ascii: "/")))
    }

    /// The same for a path of which only the bytes between its slashes are known.
    package func matches(_ path: [ArraySlice<UInt8>]) -> Bool {
        !components.isEmpty && matches(path[...], components[...])
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
    package static func name(_ name: ArraySlice<UInt8>, matches pattern: ArraySlice<UInt8>) -> Bool {
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
