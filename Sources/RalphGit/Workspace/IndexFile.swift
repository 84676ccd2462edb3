internal import Glibc
internal import RalphCore
internal import SystemPackage

/// A private index, read without git: which paths are tracked, and what `lstat` said of each when git last wrote or read
/// it, to the nanosecond. Git itself compares whole seconds, which a check can forge.
struct IndexFile {
    struct Entry {
        /// Nanoseconds since 1970.
        var changed: Int64
        var modified: Int64
        var inode: UInt32
        var mode: UInt32
        var path: Range<Int>
        var id: Range<Int>

        var isGitlink: Bool { mode & 0o170000 == 0o160000 }
    }

    /// In git's order: by bytes of the path.
    private(set) var entries: [Entry] = []
    private var bytes: [UInt8] = []

    /// An index that is not there is empty. Throws for one that cannot be read.
    init(_ path: FilePath, objectFormat: UserRepository.ObjectFormat) throws(Failure) {
        guard PathStatus(at: path) != nil else { return }
        guard let bytes = FileWriting.read(path, limit: 1 << 30) else {
            throw Failure(.git, "cannot read the index \(path)")
        }
        self.bytes = bytes
        try parse(hashLength: objectFormat.digits / 2, path)
    }

    /// The bytes of an entry's path.
    func path(_ entry: Entry) -> ArraySlice<UInt8> { bytes[entry.path] }

    /// The entries of which `lstat`, in a directory, does not say what it said to git.
    ///
    /// The names are used where they lie: an index ends each with a zero.
    func touched(in directory: Int32) -> [(entry: Entry, kind: PathStatus.Kind?)] {
        bytes.withUnsafeBytes { raw in
            var result: [(Entry, PathStatus.Kind?)] = []
            for entry in entries where !entry.isGitlink {
                guard let name = raw.baseAddress?.advanced(by: entry.path.lowerBound) else { continue }
                var status = stat()
                let isThere = fstatat(
                    directory,
                    name.assumingMemoryBound(to: CChar.self),
                    &status,
                    AT_SYMLINK_NOFOLLOW
                )
                let found = isThere == 0 ? PathStatus(status) : nil
                if found?.changed != entry.changed { result.append((entry, found?.kind)) }
            }
            return result
        }
    }

    /// How many files and directories a tree of just these entries has; nil where a submodule leaves that open.
    var extent: FileTree.Extent? {
        var extent = FileTree.Extent()
        var before: ArraySlice<UInt8> = []
        for entry in entries {
            if entry.isGitlink { return nil }
            let path = path(entry)
            // Paths of one directory lie side by side, so a directory is new if its name is not in the path before.
            let shared = zip(path, before).prefix { $0 == $1 }.count
            extent.directories += path.dropFirst(shared).count { $0 == UInt8(ascii: "/") }
            extent.files += 1
            before = path
        }
        return extent
    }

    subscript(path: ArraySlice<UInt8>) -> Entry? {
        let place = lowerBound(path)
        return place < entries.count && self.path(entries[place]).elementsEqual(path) ? entries[place] : nil
    }

    /// What stands for it in a tree, but for the directories above.
    func treeEntry(_ entry: Entry) -> TreeEntry {
        let name = path(entry)
        let start = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? name.startIndex
        return TreeEntry(
            mode: String(entry.mode, radix: 8),
            name: Array(name[start...]),
            id: ObjectID(Tree.hexadecimal(bytes[entry.id]))
        )
    }

    /// The entries below a directory.
    func entries(below directory: some Collection<UInt8>) -> ArraySlice<Entry> {
        let prefix = Array(directory) + [UInt8(ascii: "/")]
        let start = lowerBound(prefix[...])
        let end = entries[start...].firstIndex { !self.path($0).starts(with: prefix) } ?? entries.count
        return entries[start..<end]
    }

    /// Whether it is a `.gitignore`.
    func isIgnoreFile(_ entry: Entry) -> Bool {
        let name = ".gitignore".utf8
        let path = path(entry)
        guard path.count >= name.count, path.suffix(name.count).elementsEqual(name) else { return false }
        return path.count == name.count || path[path.endIndex - name.count - 1] == UInt8(ascii: "/")
    }

    /// The ignore files with the names of their contents: two indexes with the same ones ignore the same.
    var ignoreRules: [[UInt8]] {
        entries.filter(isIgnoreFile).map { Array(path($0)) + [0] + bytes[$0.id] }
    }

    private func lowerBound(_ path: ArraySlice<UInt8>) -> Int {
        var range = 0..<entries.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if self.path(entries[middle]).lexicographicallyPrecedes(path) {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    /// Versions 2 and 3, which git writes unless it is told otherwise; the store's configuration never does.
    private mutating func parse(hashLength: Int, _ path: FilePath) throws(Failure) {
        var parsed: [Entry] = []
        let isWhole = bytes.withUnsafeBytes { raw in
            func word(_ offset: Int) -> UInt32 {
                UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            }
            func instant(_ offset: Int) -> Int64 {
                Int64(word(offset)) * 1_000_000_000 + Int64(word(offset + 4))
            }
            guard raw.count >= 12, word(0) == 0x4449_5243, word(4) == 2 || word(4) == 3 else { return false }
            let count = Int(word(8))
            parsed.reserveCapacity(min(count, raw.count / 64))
            var place = 12
            for _ in 0..<count {
                let flagsAt = place + 40 + hashLength
                guard flagsAt + 4 < raw.count else { return false }
                let flags = raw.loadUnaligned(fromByteOffset: flagsAt, as: UInt16.self).bigEndian
                let start = flagsAt + (flags & 0x4000 != 0 ? 4 : 2)
                guard let name = raw.baseAddress?.advanced(by: start), start < raw.count else { return false }
                let length = strnlen(name.assumingMemoryBound(to: CChar.self), raw.count - start)
                guard start + length < raw.count else { return false }
                parsed.append(
                    Entry(
                        changed: instant(place),
                        modified: instant(place + 8),
                        inode: word(place + 20),
                        mode: word(place + 24),
                        path: start..<(start + length),
                        id: (place + 40)..<flagsAt
                    )
                )
                // Padded with one to eight zero bytes to a multiple of eight.
                place += (start + length - place + 8) & ~7
            }
            return true
        }
        guard isWhole else { throw Failure(.git, "the index \(path) is damaged") }
        entries = parsed
    }
}
