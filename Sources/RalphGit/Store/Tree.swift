internal import RalphCore

/// One entry of a tree object.
struct TreeEntry: Equatable {
    /// Octal, as git writes it: `100644`, `40000`.
    var mode: String
    var name: [UInt8]
    var id: ObjectID

    var isTree: Bool { mode == "40000" }
    var isGitlink: Bool { mode == "160000" }
    var isFile: Bool { mode == "100644" || mode == "100755" }

    /// The kind of object that the mode calls for.
    var type: String { isTree ? "tree" : isGitlink ? "commit" : "blob" }
}

/// A tree object, decoded.
struct Tree {
    var entries: [TreeEntry]

    /// - Parameter hashLength: in bytes: 20 or 32.
    init(decoding bytes: [UInt8], hashLength: Int) throws(Failure) {
        entries = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let zero = rest[space...].firstIndex(of: 0), rest.endIndex - zero > hashLength
            else { throw Failure(.git, "a tree object cannot be read: run git fsck in the repository") }
            let id = rest[(zero + 1)...zero.advanced(by: hashLength)]
            entries.append(
                TreeEntry(
                    mode: String(decoding: rest[..<space], as: UTF8.self),
                    name: Array(rest[(space + 1)..<zero]),
                    id: ObjectID(Self.hexadecimal(id))
                )
            )
            rest = rest[(zero + hashLength + 1)...]
        }
    }

    subscript(name: some Sequence<UInt8>) -> TreeEntry? {
        let name = Array(name)
        return entries.first { $0.name == name }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// An object's name, of its bytes.
    static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
