internal import Glibc
internal import RalphCore
internal import SystemPackage

/// A directory of a few small files of ours, in a place that agents or checks write to: exactly these are in it afterwards,
/// whatever was made of it before.
///
/// What is there as it was left stays, and its files are written over where they lie: new inodes are the dearest
/// thing about such a directory, and on some file systems also those that went a moment ago.
struct ExactDirectory {
    let path: FilePath
    /// Names below it, each after the one that it is in.
    let directories: [String]
    /// Contents by names below it.
    let files: [String: [UInt8]]

    private static let fileMode: mode_t = 0o644
    private static let directoryMode: mode_t = 0o755

    /// Nothing that may write there is running.
    func establish(trash: Trash) throws(Failure) {
        if hasOnlyItsOwn(), files.allSatisfy({ mend(path.appending($0.key), to: $0.value) }) { return }
        try trash.discard(path)
        for directory in [path] + directories.map({ path.appending($0) }) {
            guard mkdir(directory.string, Self.directoryMode) == 0 else {
                throw FileWriting.failure("create", directory)
            }
        }
        for (name, content) in files {
            try FileWriting.create(path.appending(name), content, mode: Self.fileMode)
        }
    }

    /// Whether all that should be there is there, of the right kind, and nothing else.
    private func hasOnlyItsOwn() -> Bool {
        guard let status = PathStatus(at: path), isOwn(status, .directory) else { return false }
        var expected = Set(directories)
        expected.formUnion(files.keys)
        var isOnlyOwn = true
        FileTree.walk(path, opensClosed: false) { entry in
            let name = String(decoding: entry.path, as: UTF8.self)
            let kind = files[name] == nil ? PathStatus.Kind.directory : .file
            guard expected.remove(name) != nil, isOwn(entry.status, kind) else {
                isOnlyOwn = false
                return .skip
            }
            return .enter
        }
        return isOnlyOwn && expected.isEmpty
    }

    /// A file with a second name could be anybody's.
    private func isOwn(_ status: PathStatus, _ kind: PathStatus.Kind) -> Bool {
        switch kind {
        case .directory: status.kind == kind && status.mode & 0o7777 == Self.directoryMode
        default: status.kind == kind && status.mode & 0o7777 == Self.fileMode && status.linkCount == 1
        }
    }

    /// False when the file could not be made to hold this.
    private func mend(_ file: FilePath, to content: [UInt8]) -> Bool {
        let descriptor = open(file.string, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return FileWriting.readRegular(descriptor, limit: content.count) == content
            || FileWriting.overwrite(descriptor, content)
    }
}
