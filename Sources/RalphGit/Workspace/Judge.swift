internal import Glibc
internal import RalphCore
internal import SystemPackage

/// Decides by name and `lstat`, before anything is read, which changes of a workspace may become part of a commit.
struct Judge {
    /// What git's listing says of a path.
    enum Change { case changed, removed, new }

    struct Verdict {
        /// To be removed from the index, before anything is added.
        var removed: [[UInt8]] = []
        var added: [[UInt8]] = []
        var refused: [Refusal] = []
    }

    static let largestFile: Int64 = 50_000_000
    static let deepest = 100
    static let ownDirectory = RepositoryPath(".ralphd")
    /// New files that one directory at the top may bring.
    static let mostNewFiles = 20_000

    let root: FilePath
    let index: IndexFile
    let names: ProtectedNames
    private var ancestors: AncestorCache

    init(root: FilePath, index: IndexFile, names: ProtectedNames) {
        self.root = root
        self.index = index
        self.names = names
        ancestors = AncestorCache(root: root)
    }

    /// Judges the fields of `ls-files -t -z -o -m -d`: a tag, a space, a path.
    mutating func judge(_ listing: [ArraySlice<UInt8>]) -> Verdict {
        var verdict = Verdict()
        var changes: [[UInt8]: Change] = [:]
        for field in listing where field.count > 2 {
            let path = Array(field.dropFirst(2))
            switch field.first {
            case UInt8(ascii: "?"): changes[path] = .new
            case UInt8(ascii: "R"): changes[path] = .removed
            default: if changes[path] == nil { changes[path] = .changed }
            }
        }
        let crowded = crowds(changes, &verdict)
        for (path, change) in changes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if change == .new, crowded.contains(Self.top(path)) { continue }
            judge(path, change, &verdict)
        }
        return verdict
    }

    private mutating func judge(_ bytes: [UInt8], _ change: Change, _ verdict: inout Verdict) {
        let path = RepositoryPath(bytes.last == UInt8(ascii: "/") ? bytes.dropLast() : bytes[...])
        // An ignore file in the tree can take back that it is ignored.
        if Self.ownDirectory.isOrContains(path) { return }
        let entry = index[bytes[...]]
        if bytes.last == UInt8(ascii: "/") || entry?.isGitlink == true {
            // A submodule's empty directory is how every checkout of ours has it.
            if entry == nil || PathStatus(at: RawPath(root, bytes + Array("/.git".utf8))) != nil {
                verdict.refused.append(Refusal(path, .nestedRepository))
            }
            return
        }
        // What stands at a directory above decides: if it is taken, this goes with it, and if not, this stays.
        if let obstacle = ancestors.obstacle(above: bytes) {
            let refusal = Refusal(obstacle.path, .notAFile)
            if obstacle.kind == .other, verdict.refused.last != refusal { verdict.refused.append(refusal) }
            return
        }
        if let reason = names.refusal(of: path) {
            verdict.refused.append(Refusal(path, reason))
            return
        }
        guard let status = PathStatus(at: RawPath(root, bytes)) else {
            verdict.removed.append(bytes)
            return
        }
        if status.kind == .directory {
            if entry != nil { verdict.removed.append(bytes) }
        } else if let reason = refusal(replacing: path) ?? refusal(of: path, status) {
            verdict.refused.append(Refusal(path, reason))
        } else {
            verdict.added.append(bytes)
        }
    }

    /// A file or link in the place of a directory that holds something protected.
    private func refusal(replacing path: RepositoryPath) -> Refusal.Reason? {
        if let prdPath = names.prdPath, path.isOrContains(prdPath) { return .prd }
        let below = index.entries(below: path.bytes)
        for entry in below {
            if entry.isGitlink { return .protected }
            if let reason = names.refusal(of: RepositoryPath(index.path(entry))) { return reason }
        }
        return nil
    }

    private func refusal(of path: RepositoryPath, _ status: PathStatus) -> Refusal.Reason? {
        if path.components.count > Self.deepest { return .tooDeep }
        switch status.kind {
        case .file:
            if status.size > Self.largestFile { return .tooLarge(bytes: status.size) }
            return makeReadable(path, status) ? nil : .unreadable
        case .link: return leavesTree(path) ? .linkLeavesTree : nil
        case .directory, .other: return .notAFile
        }
    }

    private func makeReadable(_ path: RepositoryPath, _ status: PathStatus) -> Bool {
        if status.mode & 0o400 != 0 { return true }
        return RawPath(root, path.bytes).withPointer { chmod($0, mode_t(status.mode & 0o777 | 0o600)) == 0 }
    }

    /// A link may only go up at its start, since what a later `..` means depends on other links.
    private func leavesTree(_ path: RepositoryPath) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = RawPath(root, path.bytes).withPointer { pointer in
            buffer.withUnsafeMutableBytes { raw in
                raw.baseAddress.map { readlink(pointer, $0.assumingMemoryBound(to: CChar.self), raw.count) }
                    ?? -1
            }
        }
        // A longer target than a path may be is cut, and refused.
        guard length > 0, length < buffer.count, buffer[0] != UInt8(ascii: "/") else { return true }
        let up = Array("..".utf8)
        let steps = buffer[..<length].split(separator: UInt8(ascii: "/")).filter {
            !$0.elementsEqual(".".utf8)
        }
        let rising = steps.prefix { $0.elementsEqual(up) }.count
        let rest = steps.dropFirst(rising)
        return rising >= path.components.count || rest.contains { $0.elementsEqual(up) }
            || rest.contains(where: GitLikeName.isRepository)
    }

    /// Directories at the top with more new files than a person would commit: dependencies, caches, a copy of the disk.
    private func crowds(_ changes: [[UInt8]: Change], _ verdict: inout Verdict) -> Set<[UInt8]> {
        guard changes.count > Self.mostNewFiles else { return [] }
        var counts: [[UInt8]: Int] = [:]
        for (path, change) in changes where change == .new { counts[Self.top(path), default: 0] += 1 }
        let crowded = counts.filter { $0.value > Self.mostNewFiles }
        for (top, count) in crowded.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            verdict.refused.append(Refusal(RepositoryPath(top), .tooMany(files: count)))
        }
        return Set(crowded.keys)
    }

    /// The directory at the top that a path is in; empty for a file at the top.
    private static func top(_ path: [UInt8]) -> [UInt8] {
        path.firstIndex(of: UInt8(ascii: "/")).map { Array(path[..<$0]) } ?? []
    }
}
