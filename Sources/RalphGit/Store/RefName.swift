/// Makes authors' text safe in ref names.
enum RefName {
    /// One path component of a ref: lower-case letters, digits and hyphens are kept. What is changed by that gets a
    /// hash of the original behind it, so that two projects never share refs.
    static func component(_ text: String) -> String {
        let mapped = String(
            text.prefix(40).lowercased().unicodeScalars.map { scalar -> Character in
                let isKept = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
                return isKept ? Character(scalar) : "-"
            }
        )
        return mapped == text && !text.isEmpty ? mapped : "\(mapped)-\(hash(text))"
    }

    /// FNV-1a, because it is the same in every process.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(value, radix: 36)
    }
}
