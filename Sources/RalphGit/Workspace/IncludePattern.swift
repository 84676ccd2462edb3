internal import Glibc
internal import RalphCore
internal import SystemPackage

/// Copies what `include:` names from the person's work tree: untracked files that workspace and verify directory need.
/// No link is followed on the way there, and links are not copied.
struct IncludePattern {
    private static let largestFile = 50_000_000
    private static let mostFiles = 10_000

    let from: FilePath
    let to: FilePath

    /// As a line of an excludes file, without the slash at its front.
    static func escaped(_ pattern: String) -> String {
        var text = pattern.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }
        while text.hasPrefix("/") || text.hasPrefix("./") { text.removeFirst(text.hasPrefix("/") ? 1 : 2) }
        return text.hasSuffix(" ") ? text.dropLast() + "\\ " : text
    }

    /// Copies what matches, except paths that `isTracked` names. Fails for what cannot be written.
    func copy(_ patterns: [String], isTracked: (RepositoryPath) -> Bool) throws(Failure) {
        for pattern in patterns {
            let components = Self.escaped(pattern).split(separator: "/").map { Array($0.utf8) }
            guard !components.isEmpty, !components.contains(where: { $0.elementsEqual("..".utf8) }) else {
                continue
            }
            for path in matches(components) where !isTracked(path) { try copy(path) }
        }
    }

    /// Files below `from` that match: the last component may be a glob, and a directory stands for all files in it.
    private func matches(_ components: [[UInt8]]) -> [RepositoryPath] {
        let above = Array(components.dropLast().joined(separator: [UInt8(ascii: "/")]))
        let directory = above.isEmpty ? from : from.appending(String(decoding: above, as: UTF8.self))
        var reach = AncestorCache(root: from)
        guard let last = components.last, reach.obstacle(above: above + Array("/x".utf8)) == nil else {
            return []
        }
        var found: [RepositoryPath] = []
        FileTree.walk(directory, opensClosed: false) { entry in
            let names = RepositoryPath(entry.path).components
            guard Glob.name(names[0], matches: last[...]), found.count < Self.mostFiles else { return .skip }
            if entry.status.kind == .file {
                found.append(
                    RepositoryPath(above.isEmpty ? entry.path : above + [UInt8(ascii: "/")] + entry.path)
                )
            }
            return names.contains(where: GitLikeName.isRepository) ? .skip : .enter
        }
        return found
    }

    private func copy(_ path: RepositoryPath) throws(Failure) {
        let source = RawPath(from, path.bytes).withPointer {
            open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard source >= 0 else { return }
        defer { close(source) }
        guard let bytes = FileWriting.readRegular(source, limit: Self.largestFile) else { return }
        var ancestors = AncestorCache(root: to)
        if ancestors.obstacle(above: path.bytes) == nil, isCopied(path, bytes) { return }
        if let obstacle = ancestors.obstacle(above: path.bytes) {
            FileTree.remove(to.appending(obstacle.path.description))
        }
        let target = to.appending(String(decoding: path.bytes, as: UTF8.self))
        try FileWriting.makeDirectory(target.removingLastComponent())
        FileTree.remove(target)
        try FileWriting.create(target, bytes, mode: 0o600)
    }

    /// Left alone, so that its change time tells nothing new.
    private func isCopied(_ path: RepositoryPath, _ bytes: [UInt8]) -> Bool {
        let copy = RawPath(to, path.bytes).withPointer {
            open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard copy >= 0 else { return false }
        defer { close(copy) }
        var status = stat()
        guard fstat(copy, &status) == 0, status.st_nlink == 1 else { return false }
        return FileWriting.readRegular(copy, limit: Self.largestFile) == bytes
    }
}
