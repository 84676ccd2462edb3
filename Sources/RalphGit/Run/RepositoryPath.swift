/// A path inside a repository, as git keeps it: bytes between slashes, not always UTF-8, never absolute.
package struct RepositoryPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    package var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }
    package var name: ArraySlice<UInt8> { components.last ?? [] }

    /// Whether this is that path or a directory above it.
    package func isOrContains(_ other: RepositoryPath) -> Bool {
        guard other.bytes.starts(with: bytes) else { return false }
        return other.bytes.count == bytes.count || other.bytes[bytes.count] == UInt8(ascii: "/")
    }

    /// For people: control characters replaced, bytes that are not UTF-8 replaced.
    package var description: String {
        let text = String(decoding: bytes, as: UTF8.self)
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "\u{FFFD}" : $0
                }
            )
        )
    }

    package static func < (a: RepositoryPath, b: RepositoryPath) -> Bool {
        a.bytes.lexicographicallyPrecedes(b.bytes)
    }
}
