/// Names that git, or the file system of somebody who clones the repository, takes for one of git's own.
enum GitLikeName {
    /// Whether a path component stands for `.git` on any system: other case, NTFS short names and trailing dots, spaces
    /// or streams, code points that HFS+ ignores.
    static func isRepository(_ name: some Collection<UInt8>) -> Bool {
        let folded = folded(name)
        return folded == ".git" || isShortName(folded, of: "git")
    }

    /// Whether a path component stands for a file that tells git what to run or how to read others.
    static func isConfiguration(_ name: some Collection<UInt8>) -> Bool {
        let folded = folded(name)
        return [".gitattributes", ".gitmodules", ".lfsconfig"].contains(folded)
            || ["gitatt", "gitmod", "lfscon"].contains { isShortName(folded, of: $0) }
    }

    private static func folded(_ name: some Collection<UInt8>) -> String {
        var text = String(
            String.UnicodeScalarView(
                String(decoding: name, as: UTF8.self).unicodeScalars.filter { !isIgnorable($0) }
            )
        ).lowercased()
        if let stream = text.firstIndex(of: ":") { text = String(text[..<stream]) }
        while text.last == "." || text.last == " " { text.removeLast() }
        return text
    }

    /// `git~1`, `gitmod~1`
    private static func isShortName(_ name: String, of stem: String) -> Bool {
        guard name.hasPrefix(stem + "~") else { return false }
        let number = name.dropFirst(stem.count + 1)
        return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// The code points that HFS+ leaves out of comparisons.
    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}
