internal import CRalph
internal import Glibc
internal import RalphCore
internal import SystemPackage

/// Walks and removals in directories that an agent or a check wrote to: nothing is followed, every step is relative to
/// an open descriptor, and a closed directory is opened with its owner's right unless it is the person's.
enum FileTree {
    /// One thing that a walk meets.
    struct Entry {
        var directory: Int32
        var name: UnsafePointer<CChar>
        /// Bytes below the walk's root.
        var path: [UInt8]
        var status: PathStatus
    }

    enum Step { case enter, skip }

    /// The deepest that a walk goes, because every level holds a descriptor open.
    static let deepest = 128

    /// Visits everything below a directory; a directory is entered if the visitor says so, and `leave` is called after it.
    static func walk(
        _ root: FilePath,
        opensClosed: Bool = true,
        visit: (Entry) -> Step,
        leave: (Entry) -> Void = { _ in }
    ) {
        let descriptor = open(root.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        walk(descriptor, path: [], depth: 0, opensClosed: opensClosed, visit: visit, leave: leave)
    }

    /// Takes the descriptor over.
    private static func walk(
        _ descriptor: Int32,
        path: [UInt8],
        depth: Int,
        opensClosed: Bool,
        visit: (Entry) -> Step,
        leave: (Entry) -> Void
    ) {
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        defer { closedir(stream) }
        for name in names(in: stream) {
            name.withUnsafeBufferPointer { buffer in
                guard let pointer = buffer.baseAddress else { return }
                var status = stat()
                guard fstatat(descriptor, pointer, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
                let below = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
                let entry = Entry(
                    directory: descriptor,
                    name: pointer,
                    path: below + buffer.dropLast().map { UInt8(bitPattern: $0) },
                    status: PathStatus(status)
                )
                guard visit(entry) == .enter, entry.status.kind == .directory else { return }
                if depth < deepest, let inner = openDirectory(entry, opensClosed: opensClosed) {
                    walk(
                        inner,
                        path: entry.path,
                        depth: depth + 1,
                        opensClosed: opensClosed,
                        visit: visit,
                        leave: leave
                    )
                }
                leave(entry)
            }
        }
    }

    private static func openDirectory(_ entry: Entry, opensClosed: Bool) -> Int32? {
        if opensClosed, entry.status.mode & 0o700 != 0o700 { fchmodat(entry.directory, entry.name, 0o700, 0) }
        let descriptor = openat(entry.directory, entry.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    private static func names(in stream: OpaquePointer) -> [[CChar]] {
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            guard let text = ralph_entry_name(entry) else { continue }
            let name = Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
            let isDot = name.count == 2 && name[0] == 46 || name.count == 3 && name[0] == 46 && name[1] == 46
            if !isDot { names.append(name) }
        }
        return names
    }

    /// How much is in a directory.
    struct Extent: Equatable {
        var files = 0
        var directories = 0
    }

    /// Counts what is below a directory, without a look at the files themselves; nil where that cannot be told.
    ///
    /// - Parameter apart: names right below the root that are not counted.
    static func extent(of root: FilePath, apart: Set<String>) -> Extent? {
        let descriptor = open(root.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var extent = Extent()
        let isWhole = count(descriptor, apart: apart, depth: 0, into: &extent)
        return isWhole ? extent : nil
    }

    /// Takes the descriptor over. False when something could not be looked at.
    private static func count(
        _ descriptor: Int32,
        apart: Set<String>,
        depth: Int,
        into extent: inout Extent
    ) -> Bool {
        guard depth < deepest, let stream = fdopendir(descriptor) else {
            close(descriptor)
            return false
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let kind = ralph_entry_type(entry)
            guard kind != DT_UNKNOWN else { return false }
            guard kind == DT_DIR || !apart.isEmpty else {
                extent.files += 1
                continue
            }
            guard let name = ralph_entry_name(entry) else { return false }
            let text = String(cString: name)
            if text == "." || text == ".." || apart.contains(text) { continue }
            guard kind == DT_DIR else {
                extent.files += 1
                continue
            }
            extent.directories += 1
            let inner = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0, count(inner, apart: [], depth: depth + 1, into: &extent) else { return false }
        }
        return true
    }

    /// Removes a file, a link or a whole directory. True if nothing is left.
    @discardableResult
    static func remove(_ path: FilePath) -> Bool {
        guard let status = PathStatus(at: path) else { return errno == ENOENT }
        guard status.kind == .directory else { return unlink(path.string) == 0 }
        if status.mode & 0o700 != 0o700 { chmod(path.string, 0o700) }
        // What lies deeper than a walk goes is moved to the top, and taken by the next round.
        var moved = 0
        var movedBefore = -1
        while moved != movedBefore {
            movedBefore = moved
            walk(
                path,
                visit: { entry in
                    guard entry.status.kind == .directory else {
                        unlinkat(entry.directory, entry.name, 0)
                        return .skip
                    }
                    guard entry.path.count(where: { $0 == UInt8(ascii: "/") }) >= deepest - 1 else {
                        return .enter
                    }
                    let top = path.appending("ralphd-deep-\(moved)")
                    if renameat(entry.directory, entry.name, AT_FDCWD, top.string) == 0 { moved += 1 }
                    return .skip
                },
                leave: { unlinkat($0.directory, $0.name, AT_REMOVEDIR) }
            )
        }
        return rmdir(path.string) == 0
    }
}
